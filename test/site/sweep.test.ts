import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Fate } from '../../src/site/testing/fates.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { faultOf, type Sweep, sweep } from '../../src/site/testing/sweep.ts';
import { command } from '../kit/cli.ts';
import { loaded, type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const RULES = `version: 1
grants: [{ id: inbound, when: { recipient.domain: example.com } }]
routes: [{ id: all, to: "discard:" }]
rules:
  - { id: spf, on: mail, when: { spf.result: fail }, then: { reject: "550 5.7.23 No" } }
  - { id: often, on: rcpt, limit: { key: client.ip, count: recipients, max: 9, per: 1h }, then: { defer: "451 4.7.1 Later" }, on_unknown: defer }
tests:
  - { name: plain, given: { recipient.address: a@example.com }, expect: { verdict: accept } }
  - { name: forged, given: { recipient.address: a@example.com, spf.result: fail }, expect: { verdict: reject } }
  - { name: too often, given: { recipient.address: a@example.com, limit.often: true }, expect: { verdict: defer } }
`;

const MEANT = `  - { name: no answer, given: { recipient.address: a@example.com, spf.result: unknown }, expect: { verdict: accept } }
`;

const siteWith = async (policy: string): Promise<TempSite> => {
  const site = await tempSite({ 'rules/10-site.yaml': policy });
  sites.push(site);
  return site;
};

const swept = async (policy: string, { pairs = false, most = 1000 } = {}): Promise<Sweep> => {
  const site = loaded(await siteWith(policy));
  return sweep(site, await runTests(site), { pairs, most });
};

const told = ({ findings }: Sweep): readonly string[] =>
  findings.map(({ fault, test: { name }, unknown, known }) => `${fault}: ${name} without ${unknown.join(' and ')}: ${known.by}`);

test('mail that a skipped rule lets pass is told of, until a test says that it is meant', async () => {
  assert.deepEqual(told(await swept(RULES)), ['passes: forged without spf.result: 10-site/spf']);
  assert.deepEqual(told(await swept(RULES + MEANT)), []);
  assert.deepEqual(told(await swept(RULES.replace('No" } }', 'No" }, on_unknown: defer }'))), []);
});

test('each look-up and count is unknown alone, and two at a time where pairs are wanted', async () => {
  const [alone, pairs] = [await swept(RULES + MEANT), await swept(RULES + MEANT, { pairs: true })];
  assert.deepEqual([alone.runs, alone.left], [6, 0]);
  assert.deepEqual([pairs.runs, pairs.left], [8, 0]);
});

test('where not all can run, every look-up has its turn', async () => {
  const { runs, left, findings } = await swept(RULES, { most: 2 });
  assert.deepEqual([runs, left], [2, 3]);
  assert.deepEqual(findings, []);
});

test('test --unknown fails for mail that passes, test alone does not', async () => {
  const site = await siteWith(RULES);
  const plain = await command('test', '-c', site.config);
  assert.deepEqual([plain.code, plain.out], [0, '3 of 3 tests passed, 0 failed\n']);
  const thorough = await command('test', '-c', site.config, '--unknown');
  assert.equal(thorough.code, 1);
  assert.match(thorough.out, /FAILED {2}forged {2}rules\/10-site\.yaml:9:5\n {8}with spf\.result unknown, let through/);
  assert.match(thorough.out, /write a test in which 10-site\/spf is unknown; otherwise give the rule on_unknown: defer/);
  const json = JSON.parse((await command('test', '-c', site.config, '--unknown', '--format', 'json')).out);
  assert.deepEqual(json.unknown.findings[0].unknown, ['spf.result']);
  const junit = await command('test', '-c', site.config, '--unknown', '--format', 'junit');
  assert.match(junit.out, /name="forged: spf\.result unknown"/);
});

test('a 5xx and a grant that no answer gives are faults whatever the tests mean', () => {
  const fate = (end: Fate['end'], by = 'a/rule'): Fate => ({ recipient: '', end, by, denied: by === 'grants', reply: '' });
  const meant = new Set(['a/rule']);
  assert.equal(faultOf(fate('refused'), [fate('accepted')], meant), 'refused');
  assert.equal(faultOf(fate('refused'), [fate('deferred'), fate('quarantined')], meant), 'refused');
  assert.equal(faultOf(fate('refused'), [fate('deferred'), fate('refused')], meant), null);
  assert.equal(faultOf(fate('accepted'), [fate('refused', 'grants')], meant), 'relayed');
  assert.equal(faultOf(fate('accepted'), [fate('discarded')], meant), null);
  assert.equal(faultOf(fate('accepted'), [fate('discarded', 'a/other')], meant), 'passes');
  assert.equal(faultOf(fate('deferred'), [fate('accepted')], meant), null);
});
