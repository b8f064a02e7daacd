import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { loaded, type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const POLICY = `version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: executables, on: data_post, on_unknown: defer, when: { attachment: { any: { extension: exe } } }, then: { reject: "550 5.7.1 No executables" } }
routes:
  - { id: all, to: "discard:" }
tests:
`;

const TABLE = `  - name: executables
    given: { recipient.address: ann@example.com, sender.address: bob@example.net }
    expect: { at: data_post, verdict: reject }
    cases:
      - { name: exe, given: { attachment: [{ extension: exe }] } }
      - { given: { attachment: [{ extension: txt }] }, expect: { verdict: none } }
      - name: a stranger's recipient
        given: { recipient.address: joe@example.org }
        expect: { at: rcpt, by: grants }
      - { name: another code, given: { attachment: [{ extension: exe }] }, expect: { code: 551 } }
`;

const siteWith = async (tests: string): Promise<TempSite> => {
  const site = await tempSite({ 'rules/10-site.yaml': `${POLICY}${tests}` });
  sites.push(site);
  return site;
};

test('each case is a test of its own, with what the test says and what the case says instead', async () => {
  const { results } = await runTests(loaded(await siteWith(TABLE)));
  assert.deepEqual(
    results.map(({ name, failures }) => [name, failures.length > 0]),
    [
      ['executables: exe', false],
      ['executables: case 2', false],
      ["executables: a stranger's recipient", false],
      ['executables: another code', true],
    ],
  );
});

test('a fault in a case is reported where it stands, one in the test where that stands', async () => {
  const placesOf = async (tests: string): Promise<readonly string[]> =>
    loadSite((await siteWith(tests)).config).diagnostics.map(({ code, at }) => `${code} ${at.line}:${at.column}`);
  assert.deepEqual(await placesOf(TABLE.replace('by: grants', 'by: grunts')), ['RLY6001 17:33']);
  assert.deepEqual(await placesOf(TABLE.replace('exe }] }', 'exe }], colour: red }')), ['RLY2001 13:65']);
  assert.deepEqual(await placesOf(TABLE.replace('    cases:\n', '    casses:\n')), ['RLY1101 12:5']);
  assert.deepEqual(await placesOf(TABLE.replace('recipient.address: ann@example.com, ', 'recipient.address: ann@@, ')), ['RLY6005 10:33']);
});
