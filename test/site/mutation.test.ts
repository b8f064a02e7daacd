import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mutantsOf } from '../../src/site/testing/mutation/mutants.ts';
import { mutate } from '../../src/site/testing/mutation/mutate.ts';
import { command } from '../kit/cli.ts';
import { loaded, type TempSite, tempSite } from '../kit/site.ts';

const POLICY = `version: 1
lists:
  ours: { type: cidr, values: [192.0.2.0/24, "2001:db8::/32"] }
grants:
  - id: inbound
    when:
      recipient.domain: [example.com, example.net]
      client.ip: { not_in: ours }
rules:
  - id: spare
    on: connect
    when: { client.ip: { in: ours } }
    then: { skip: [outside] }
  - { id: large, on: data_post, group: outside, when: { message.size: { gt: 100 }, tls.active: false }, then: { reject: "552 5.3.4 No", disconnect: true }, on_unknown: defer }
routes: [{ id: all, to: "discard:" }]
tests:
  - name: large
    given: { client.ip: 203.0.113.1, recipient.address: a@example.com, tls.active: false }
    expect: { at: data_post, verdict: reject, code: 552 }
`;

let site: TempSite;
before(async () => {
  site = await tempSite({ 'rules/10-site.yaml': POLICY });
});
after(() => site.remove());

const changes = (): readonly string[] => {
  const [file] = loaded(site).files;
  assert.ok(file);
  const lines = POLICY.split('\n');
  return mutantsOf(file, POLICY).map(({ what, line, text }) => {
    const now = text.split('\n');
    return `${what}: ${now.length < lines.length ? `without ${lines[line - 1]?.trim()}` : now[line - 1]?.trim()}`;
  });
};

test('each breakage is one plausible edit', () => {
  const large = (edit: (text: string) => string): string =>
    edit(
      '- { id: large, on: data_post, group: outside, when: { message.size: { gt: 100 }, tls.active: false }, then: { reject: "552 5.3.4 No", disconnect: true }, on_unknown: defer }',
    );
  assert.deepEqual(changes(), [
    '192.0.2.0/24 lost from ours: ours: { type: cidr, values: ["2001:db8::/32"] }',
    '192.0.2.0/24 widened to /8: ours: { type: cidr, values: [192.0.0.0/8, "2001:db8::/32"] }',
    '2001:db8::/32 lost from ours: ours: { type: cidr, values: [192.0.2.0/24] }',
    'part of the condition lost: without recipient.domain: [example.com, example.net]',
    'part of the condition lost: without client.ip: { not_in: ours }',
    'recipient.domain negated: recipient.domain: { not_in: [example.com, example.net] }',
    'example.com lost from recipient.domain: recipient.domain: [example.net]',
    'example.net lost from recipient.domain: recipient.domain: [example.com]',
    'not_in became in: client.ip: { in: ours }',
    'in became not_in: when: { client.ip: { not_in: ours } }',
    ...[
      ['part of the condition lost', 'message.size: { gt: 100 }, ', ''],
      ['part of the condition lost', ', tls.active: false', ''],
      ['message.size one more', '100', '101'],
      ['tls.active turned round', 'tls.active: false', 'tls.active: true'],
    ].map(([what = '', from = '', to = '']) => `${what}: ${large((text) => text.replace(from, to))}`),
    'at helo instead of connect: on: helo',
    ...[
      ['typo in group', 'outside', 'outsides'],
      ['group lost', 'group: outside, ', ''],
      ['on_unknown lost', ', on_unknown: defer', ''],
      ['disconnect lost', ', disconnect: true', ''],
      ['another code of the same class', '552', '550'],
      ['at queue instead of data_post', 'data_post', 'queue'],
    ].map(([what = '', from = '', to = '']) => `${what}: ${large((text) => text.replace(from, to))}`),
  ]);
});

test('what neither tests nor lint notice survives', async () => {
  const { byTests, byLint, survivors, left } = await mutate(loaded(site), { seed: 1, time: 600_000 });
  assert.equal(left, 0);
  assert.equal(byTests + byLint + survivors.length, changes().length);
  const survived = survivors.map(({ what }) => what);
  for (const what of ['disconnect lost', '2001:db8::/32 lost from ours', 'on_unknown lost']) assert.ok(survived.includes(what), what);
  for (const what of ['tls.active turned round', 'another code of the same class', 'recipient.domain negated'])
    assert.ok(!survived.includes(what), what);
});

test('one seed is one order, and no mutant is begun after the time', async () => {
  const tried = async (seed: number) => {
    const { survivors, byTests, byLint, left } = await mutate(loaded(site), { seed, time: 0 });
    assert.equal(survivors.length + byTests + byLint, 1);
    return JSON.stringify([survivors.map(({ what, line }) => [what, line]), byTests, byLint, left]);
  };
  assert.equal(await tried(7), await tried(7));
});

test('test --mutate shows survivors as a diff', async () => {
  const { code, out } = await command('test', '-c', site.config, '--mutate', '10m', '--seed', '3');
  assert.equal(code, 0);
  assert.match(
    out,
    /rules\/10-site\.yaml:3: 2001:db8::\/32 lost from ours\n- {2}ours: .*\n\+ {2}ours: \{ type: cidr, values: \[192\.0\.2\.0\/24\] \}/,
  );
  assert.match(out, /breakages tried: \d+ noticed by the tests, \d+ by lint, \d+ by nobody \(\d+ % noticed\)\n$/);
  assert.equal((await command('test', '-c', site.config, '--mutate', 'long')).code, 2);
});
