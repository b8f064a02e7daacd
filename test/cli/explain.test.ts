import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { codes } from '../../src/policy/diagnostic-codes.ts';
import { command } from '../kit/cli.ts';
import { tempSite } from '../kit/site.ts';

const SITE = `version: 1
lists:
  customers: { type: cidr, values: [198.51.100.0/24] }
grants:
  - { id: customers, when: { client.ip: { in: customers }, sender.null: true } }
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: friend, on: connect_init, when: { client.ip: 192.0.2.7 }, then: { tag: friend, skip: [checks], score: -2.5 } }
  - { id: checked, on: rcpt, group: checks, when: { recipient.local: bob }, then: { reject: "550 5.7.1 No" } }
  - { id: elsewhere, on: rcpt, when: { recipient.local: team }, then: { rewrite_recipient: "\${recipient.local}@example.org" } }
  - { id: late, on: rcpt, when: { recipient.local: bob }, then: { reject: "550 5.7.1 Late" } }
routes:
  - { id: all, to: "discard:" }
`;

const NEVER = `version: 1\nrules:\n${Array.from({ length: 1000 }, (_, n) => `  - { id: r${n}, on: rcpt, when: { recipient.domain: d${n}.example }, then: reject }\n`).join('')}`;

const site = await tempSite({ 'rules/10-site.yaml': SITE, 'rules/20-never.yaml': NEVER });
after(() => site.remove());

const explained = async (...words: readonly string[]): Promise<string> => {
  const { code, out, err } = await command('explain', '-c', site.config, ...words);
  assert.deepEqual([code, err], [0, '']);
  return out;
};

test('the outcome comes first, then the grant that came closest and what was in its way', async () => {
  const [outcome, nearest] = (await explained('--ip', '203.0.113.9', '--from', 'a@example.net', '--to', 'x@example.org')).split('\n');
  assert.equal(outcome, 'outcome  reject at rcpt by grants: 550 5.7.1 Relay access denied');
  assert.equal(nearest, 'nearest  grant 10-site/inbound for x@example.org: recipient.domain "example.org" is not "example.com"');
});

test('rules that did not hold are left out and counted, however many there are; --all shows them', async () => {
  const words = ['--ip', '203.0.113.9', '--to', 'x@example.org'];
  const short = (await explained(...words)).split('\n');
  assert.ok(short.length < 15, short.join('\n'));
  assert.match(short.join('\n'), /^1006 rules that did not hold are left out: --all shows them$/m);
  const all = await explained(...words, '--all');
  assert.match(all, /^ {2}false {7}20-never\/r999$/m);
  assert.doesNotMatch(all, /left out/);
});

test('what rules did beside deciding is shown, and whom that passed over', async () => {
  const out = await explained('--ip', '192.0.2.7', '--to', 'bob@example.com');
  for (const line of ['  tag friend by 10-site/friend', '  skip checks by 10-site/friend', '  score -2.5 by 10-site/friend'])
    assert.ok(out.includes(`${line}\n`), out);
  assert.match(out, /^ {2}skipped {5}10-site\/checked\n {14}an earlier rule has skipped the group checks$/m);
  assert.match(out, /^outcome {2}reject at rcpt by 10-site\/late: 550 5\.7\.1 Late$/m);
});

test('a rule behind the verdict says who had decided before', async () => {
  const out = await explained('--to', 'bob@example.com', '--all');
  assert.match(out, /^ {2}not reached 10-site\/late\n {14}10-site\/checked had decided before$/m);
});

test('a rewritten recipient that no grant lets in has its own nearest grant', async () => {
  const out = await explained('--to', 'team@example.com');
  assert.match(out, /^nearest {2}grant 10-site\/inbound for team@example\.org: recipient\.domain "example\.org" is not "example\.com"$/m);
  assert.match(out, /^ {2}rewrite_recipient team@example\.org by 10-site\/elsewhere$/m);
});

test('every code of a diagnostic has its page, and a misspelt one is answered with what was meant', async () => {
  for (const [code, { slug, why }] of Object.entries(codes)) {
    const { code: status, out } = await command('explain', code.toLowerCase());
    assert.equal(status, 0);
    assert.ok(out.startsWith(`${code} ${slug} (`) && out.includes(why), out);
  }
  const { code, out, err } = await command('explain', 'RLY407');
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /There is no code RLY407\. Did you mean RLY4007\?/);
});
