import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { codes } from '../../../src/policy/diagnostic-codes.ts';
import type { LintCheck, Surroundings } from '../../../src/policy/lint/check.ts';
import { checks } from '../../../src/policy/lint/checks/index.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../../src/policy/read/site-files.ts';
import type { PolicyFile } from '../../../src/policy/syntax.ts';

const missing = (): never => {
  throw new SiteFileError('there is no such file');
};

const reader: SiteFiles = { read: missing, readBytes: missing };

/** The relay that the examples run on. */
const SURROUNDINGS: Surroundings = {
  hostname: 'relay.example.com',
  listeners: [{ name: 'mx', host: '192.0.2.25', port: 25, authRequired: false }],
  proxies: ['10.0.0.5', '192.0.2.16/29'],
  errorCodes: new Map([['zen', ['other']]]),
};

/** An example is one policy or several, divided by `---`; `version` is understood. */
const filesOf = (example: string): readonly PolicyFile[] =>
  example.split('\n---\n').map((text, index) => {
    const { file, diagnostics } = readPolicy(`rules/${index}-example.yaml`, `version: 1\n${text}`, reader);
    assert.deepEqual(diagnostics, [], 'an example passes the schema');
    assert.ok(file);
    return file;
  });

const findings = (check: LintCheck, example: string): readonly Diagnostic[] => {
  const files = filesOf(example);
  return check.check({
    files,
    now: Date.UTC(2026, 0, 1),
    reader,
    lookUpKeys: new Map([['dnsbl', ['zen']]]),
    dnsListCodes: new Map([['zen', ['sbl', 'pbl']]]),
    mayMiss: () => false,
    surroundings: SURROUNDINGS,
    policy: compilePolicy(files, 'test').policy,
  });
};

describe('lint checks', () => {
  for (const check of checks.values()) {
    it(`${check.name} finds each of its codes in "avoid"`, () => {
      const found = findings(check, check.avoid);
      assert.deepEqual([...new Set(found.map(({ code }) => code))].sort(), [...check.codes].sort());
    });
    it(`${check.name} finds nothing in "prefer"`, () => {
      assert.deepEqual(findings(check, check.prefer), []);
    });
    it(`${check.name} has a doc line that is a sentence`, () => {
      assert.match(check.doc, /^[A-Z].*\.$/);
    });
  }

  it('no two checks share a code', () => {
    const all = [...checks.values()].flatMap((check) => check.codes);
    const shared = all.filter((code, index) => all.indexOf(code) !== index);
    assert.deepEqual(shared, []);
  });

  it('codes are well-formed and have slugs of their own', () => {
    const slugs = Object.values(codes).map(({ slug }) => slug);
    assert.equal(new Set(slugs).size, slugs.length);
    for (const code of Object.keys(codes)) assert.match(code, /^RLY[1-6]\d{3}$/);
  });
});
