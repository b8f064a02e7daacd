import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { testSite } from '../../src/site/testing/test-site.ts';
import { testsAsYaml } from '../../src/site/testing/written-test.ts';
import { command } from '../kit/cli.ts';
import { loaded, type TempSite, tempSite } from '../kit/site.ts';

/* Tests that relayctl writes hold on the site they were written for, and see what they were written to see. */

const POLICY = `version: 1
lists:
  people: { type: address, values: [ann@example.com, "@all.example.com"] }
  ours: { type: cidr, values: [192.0.2.0/24] }
grants:
  - { id: inbound, when: { recipient.address: { in: people } } }
  - { id: clients, when: { client.ip: { in: ours }, sender.domain: example.com } }
rules:
  - { id: forged, on: mail, when: { spf.result: fail, sender.domain: { ends_with: .example } }, unless: [{ helo.name: { matches: "^mx[0-9]+[.]" } }], then: { reject: "550 5.7.23 No" } }
  - { id: often, on: rcpt, limit: { key: client.ip, count: recipients, max: 9, per: 1h }, then: { defer: "451 4.7.1 Later" } }
  - { id: programs, on: data_post, when: { attachment: { any: { extension: [exe, com] } } }, then: { quarantine: { reason: Program } } }
  - { id: large, on: data_post, when: { any: [{ message.size: { gt: 10MB } }, { header.subject: { contains: huge } }] }, then: { reject: "552 5.3.4 Too large" } }
  - { id: alias, on: rcpt, when: { recipient.local: info, recipient.domain: all.example.com }, then: { rewrite_recipient: ann@example.com } }
routes:
  - { id: here, when: { recipient.domain: { in: [example.com, all.example.com] } }, to: "discard:" }
  - { id: mx, to: mx }
`;

let site: TempSite;
before(async () => {
  site = await tempSite({ 'rules/10-site.yaml': POLICY, 'messages/one.eml': 'From: a@b.example\n\nHello\n' });
});
after(() => site.remove());

test('for everything that no test has seen a session is found, of a site without any test', async () => {
  const options = { coverage: true, unknown: false, witnesses: true };
  const { coverage, witnesses } = await testSite(loaded(site), options);
  assert.ok(coverage && witnesses);
  assert.equal(coverage.percent, 0);
  assert.deepEqual(witnesses.notFound, []);
  await site.write({ 'rules/10-site.yaml': POLICY + testsAsYaml(witnesses.found.map((one) => one.test)) });
  const again = await testSite(loaded(site), options);
  assert.deepEqual(
    again.report.results.flatMap(({ failures }) => failures),
    [],
  );
  assert.equal(again.coverage?.percent, 100);
  await site.write({ 'rules/10-site.yaml': POLICY });
});

const asTest = (...words: readonly string[]) => command('explain', '-c', site.config, ...words, '--as-test');

test('explain --as-test prints a session as a test that holds', async () => {
  const sessions: readonly (readonly string[])[] = [
    ['--ip', '203.0.113.9', '--from', 'bob@example.net', '--to', 'ann@example.com'],
    ['--ip', '2001:db8::1', '--from', '<>', '--to', 'ann@example.com', '--to', 'joe@example.org'],
    ['--from', 'bob@other.example', '--given', 'spf.result=fail'],
    ['--to', 'info@all.example.com', '--helo', 'x'],
    ['--to', 'ann@example.com', '--given', 'limit.often=true'],
    ['--to', 'ann@example.com', '--given', 'attachment=[{"extension":"exe","name":"a: b"}]'],
    ['--to', 'ann@example.com', '--message', join(site.root, 'messages/one.eml'), '--given', 'header.subject=huge'],
  ];
  for (const words of sessions) {
    const { code, out, err } = await asTest(...words);
    assert.equal(code, 0, err);
    await site.write({ 'rules/10-site.yaml': POLICY + out });
    const { site: read, diagnostics } = loadSite(site.config);
    assert.ok(read, `${out}${JSON.stringify(diagnostics)}`);
    const { results } = await runTests(read);
    assert.deepEqual([results.length, results.flatMap(({ failures }) => failures)], [1, []], out);
  }
  await site.write({ 'rules/10-site.yaml': POLICY });
});

test('explain --as-test says what becomes of each recipient, and which rule decided', async () => {
  const { out } = await asTest('--from', '<>', '--to', 'info@all.example.com', '--to', 'joe@example.org');
  assert.match(out, /recipients: \[ ann@example\.com \], refused: \[ joe@example\.org \]/);
  const refused = await asTest('--from', 'bob@other.example', '--given', 'spf.result=fail');
  assert.match(refused.out, /expect: \{ at: mail, verdict: reject, code: 550, enhanced: 5\.7\.23, by: 10-site\/forged \}/);
});

test('explain --as-test takes no message from outside the site', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relayctl-message-'));
  const file = join(folder, 'a.eml');
  writeFileSync(file, 'From: a@b.example\n\nHello\n');
  const { code, err } = await asTest('--to', 'ann@example.com', '--message', file);
  rmSync(folder, { recursive: true });
  assert.deepEqual([code, /inside the site/.test(err)], [2, true]);
});
