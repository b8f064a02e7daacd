import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { type SiteFiles, siteFiles } from '../../../src/policy/read/site-files.ts';
import type { PolicyFile } from '../../../src/policy/syntax.ts';

const files = siteFiles('.');

const read = (path: string, text: string, reader: SiteFiles = files): PolicyFile => {
  const { file, diagnostics } = readPolicy(path, text, reader);
  assert.deepEqual(diagnostics, []);
  assert.ok(file);
  return file;
};

const codesOf = (site: readonly PolicyFile[], complete = true): readonly string[] =>
  lintSite(site, { files, now: Date.UTC(2026, 0, 1), complete }).map(({ code }) => code);

describe('a site', () => {
  it('as shipped, with every policy on, has no findings', () => {
    const shipped = readdirSync('rules')
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => read(`rules/${name}`, files.read(`rules/${name}`, 'yaml')));
    assert.ok(shipped.length > 0);
    assert.deepEqual(lintSite(shipped, { files, now: Date.UTC(2026, 0, 1) }), []);
  });

  it('has its findings in the order of files, lines and columns', () => {
    const bad = (action: string): string =>
      `version: 1\nrules:\n  - { id: b, on: helo, when: { sender.null: true, client.ip: 10.0.0.256 }, then: { ${action}: a } }\n`;
    const found = lintSite([read('rules/b.yaml', bad('log')), read('rules/a.yaml', bad('tag'))], { files, now: 0 });
    assert.deepEqual(
      found.map(({ at }) => [at.file, at.column]),
      [
        ['rules/a.yaml', 32],
        ['rules/a.yaml', 62],
        ['rules/b.yaml', 32],
        ['rules/b.yaml', 62],
      ],
    );
  });

  it('shares lists and grants between its files', () => {
    const lists = read(
      'rules/a.yaml',
      'version: 1\nlists:\n  ours: { type: domain, values: [example.com] }\nroutes: [{ id: all, to: mx }]\n',
    );
    const asks = read('rules/b.yaml', 'version: 1\ngrants:\n  - { id: a, when: { recipient.domain: { in: ours } } }\n');
    assert.deepEqual(codesOf([lists, asks]), []);
    assert.deepEqual(codesOf([asks]), ['RLY3011', 'RLY2002']);
  });

  it('that accepts mail needs a route', () => {
    const grants = 'version: 1\ngrants:\n  - { id: a, when: { recipient.domain: example.com } }\n';
    assert.deepEqual(codesOf([read('rules/a.yaml', grants)]), ['RLY3011']);
    assert.deepEqual(codesOf([read('rules/a.yaml', `${grants}routes: [{ id: all, to: mx }]\n`)]), []);
  });

  it('with an unreadable file gets no findings about what that file may define', () => {
    const asks = read('rules/b.yaml', 'version: 1\ngrants:\n  - { id: a, when: { recipient.domain: { in: ours } } }\n');
    assert.deepEqual(codesOf([asks], false), []);
  });

  it('does not report a rule as dead if another path can reach it', () => {
    const rules = `version: 1
rules:
  - { id: skips, on: connect, when: { client.ip: 10.0.0.0/8 }, then: { skip: g } }
  - { id: may-be-skipped, on: helo, group: g, then: accept }
  - { id: counts, on: helo, limit: { key: client.net, count: connections, max: 3, per: 1m }, then: defer }
  - { id: on-trial, on: helo, mode: shadow, expires: "2999-01-01", then: reject }
  - { id: only-notes, on: helo, then: { log: seen } }
  - { id: sets, on: rcpt, when: { tag: a }, then: reject }
  - { id: tags, on: rcpt, then: { tag: [a] } }
  - { id: again, on: rcpt, when: { tag: a }, then: reject }
  - { id: last, on: helo, then: reject }
`;
    assert.deepEqual(codesOf([read('rules/a.yaml', rules)]), []);
  });
});
