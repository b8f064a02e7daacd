import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unknown } from '../../src/policy/value.ts';
import { compiled } from '../policy/compiled.ts';
import { introduced, OPEN_DOMAIN, submit, testRelay } from './relay.ts';

/** Two policies' worth of rules on one hook share results; each case says which MAIL is refused because a result is there. */
const REMEMBERS = (hook: string, condition: string): string => `${OPEN_DOMAIN}rules:
  - { id: note, on: ${hook}, when: ${condition}, then: { set: { seen: true } } }
  - { id: told, on: mail, when: { result.seen: true, sender.local: probe }, then: { reject: "550 5.7.1 remembered" } }
`;

test('a result set before MAIL lives as long as the connection', async (t) => {
  const client = await introduced(await testRelay(t, { policy: REMEMBERS('helo', '{ helo.name: client.example.org }') }));
  assert.deepEqual(await client.dialogue('MAIL FROM:<probe@x.example>', 'RSET', 'EHLO other.example', 'MAIL FROM:<probe@x.example>'), [
    '550 5.7.1 remembered',
    '250 2.0.0 Ok',
    '250 relay.example.net',
    '550 5.7.1 remembered',
  ]);
});

for (const [end, lines] of [
  ['RSET', ['RSET']],
  ['EHLO', ['EHLO again.example']],
  ['HELO', ['HELO again.example']],
  ['the reply to the message', ['RCPT TO:<a@example.com>', 'DATA', '.']],
] as const) {
  test(`a result set at MAIL ends with the transaction: ${end}`, async (t) => {
    const client = await introduced(await testRelay(t, { policy: REMEMBERS('mail', '{ sender.local: first }') }));
    assert.equal((await client.ask('MAIL FROM:<first@x.example>')).code, 250);
    await client.dialogue(...lines);
    assert.equal((await client.ask('MAIL FROM:<probe@x.example>')).text, '250 2.1.0 Sender ok');
  });
}

test('a rejected MAIL ends the transaction, its results and its parameters', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: note, on: mail, when: { sender.local: bad }, then: { set: { seen: true }, reject: "550 5.7.1 no" } }
  - { id: told, on: rcpt, when: { result.seen: true }, then: { reject: "550 5.7.1 remembered" } }
`;
  const relay = await testRelay(t, { policy });
  const client = await introduced(relay);
  assert.deepEqual(await client.dialogue('MAIL FROM:<bad@x.example> BODY=8BITMIME RET=FULL ENVID=e1 SIZE=5', 'RCPT TO:<a@example.com>'), [
    '550 5.7.1 no',
    '503 5.5.1 Bad sequence of commands',
  ]);
  assert.equal(await submit(client, 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  assert.deepEqual(relay.accepted[0]?.envelope, { sender: 'sender@example.org', body: '7bit', smtputf8: false });
});

test('results, tags and score stay with the queued message', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: a, on: connect, then: { set: { a: 1 }, tag: [early], score: 1.5 } }
  - { id: b, on: data_post, then: { set: { b: "\${header.subject}" }, tag: [late], score: 2 } }
`;
  const relay = await testRelay(t, { policy });
  await submit(await introduced(relay), 'Subject: hello\r\n\r\n');
  const { results, tags, score, facts, policyVersion } = relay.accepted[0]?.origin ?? assert.fail();
  assert.deepEqual(
    { results, tags, score, policyVersion },
    { results: { a: 1, b: 'hello' }, tags: ['early', 'late'], score: 3.5, policyVersion: 'test' },
  );
  assert.equal(facts['helo.name'], 'client.example.org');
});

test('a transaction keeps the policy it began with, the next one has the new', async (t) => {
  const open = compiled(OPEN_DOMAIN);
  const shut = { ...compiled('version: 1\ngrants:\n  - { id: none, when: { recipient.domain: nowhere.example } }\n'), version: 'shut' };
  let current = open;
  const relay = await testRelay(t, { policies: () => current });
  const client = await introduced(relay);
  await client.ask('MAIL FROM:<a@b.example>');
  current = shut;
  assert.deepEqual(await client.dialogue('RCPT TO:<a@example.com>', 'DATA', '.', 'MAIL FROM:<a@b.example>', 'RCPT TO:<a@example.com>'), [
    '250 2.1.5 Recipient ok',
    '354 End data with <CR><LF>.<CR><LF>',
    '250 2.0.0 Ok: queued as id1',
    '250 2.1.0 Sender ok',
    '550 5.7.1 Relay access denied',
  ]);
  assert.deepEqual(
    relay.decisions.map(({ policy }) => policy),
    ['test', 'shut'],
  );
});

const LOOKS_UP = `${OPEN_DOMAIN}rules:
  - { id: a, on: connect, when: { client.rdns: { ends_with: .bad.example } }, then: { reject: "554 5.7.1 bad name" } }
  - { id: b, on: mail, when: { sender.resolvable: false }, then: { reject: "550 5.1.8 no such domain" } }
  - { id: c, on: rcpt, when: { sender.resolvable: false, client.rdns: { exists: true } }, then: { reject: "550 5.1.8 no" } }
`;

test('a look-up is made once per lifetime, and only if a rule needs it', async (t) => {
  const asked: string[] = [];
  const finder = () => ({
    find: async (need: { readonly name: string }) => {
      asked.push(need.name);
      return need.name === 'client.rdns' ? 'good.example' : true;
    },
  });
  const relay = await testRelay(t, { policy: LOOKS_UP, finder });
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<a@b.example>', 'RCPT TO:<a@example.com>', 'RCPT TO:<b@example.com>', 'RSET', 'MAIL FROM:<a@b.example>');
  assert.deepEqual(asked, ['client.rdns', 'sender.resolvable', 'sender.resolvable']);
});

test('a name set by lookup_rdns replaces the look-up', async (t) => {
  const policy = `${LOOKS_UP}  - { id: z, on: lookup_rdns, then: { rdns: host.bad.example } }\n`;
  const client = await (await testRelay(t, { policy })).connect();
  assert.equal((await client.reply()).text, '554 5.7.1 bad name');
});

test('a failed look-up skips its rule; one that never ends is 451', async (t) => {
  const fails = await testRelay(t, { policy: LOOKS_UP, finder: () => ({ find: async () => new Unknown('server failure') }) });
  assert.equal((await (await introduced(fails)).ask('MAIL FROM:<a@b.example>')).code, 250);
  const hangs = await testRelay(t, {
    policy: LOOKS_UP,
    limits: { hook: 100 },
    finder: () => ({ find: () => new Promise(() => undefined) }),
  });
  assert.equal((await (await hangs.connect()).reply()).text, '451 4.3.0 Local problem, try again later');
});

test('a fault in a hook is 451, never an accept or a 5xx', async (t) => {
  const good = compiled(OPEN_DOMAIN);
  const plan: typeof good.plan = (hook) => {
    if (hook !== 'data') return good.plan(hook);
    throw new Error('boom');
  };
  const relay = await testRelay(t, { policies: () => ({ ...good, plan }) });
  assert.equal(await submit(await introduced(relay), ''), '451 4.3.0 Local problem, try again later');
  assert.ok(relay.logged.some(({ level }) => level === 'error'));
});

test('an unknown grant is 451, as long as no other holds', async (t) => {
  const policy = `version: 1
grants:
  - { id: known, when: { client.fcrdns: true } }
  - { id: open, when: { recipient.domain: example.com } }
`;
  const relay = await testRelay(t, { policy, finder: () => ({ find: async () => new Unknown('time-out') }) });
  const client = await introduced(relay);
  await client.ask('MAIL FROM:<>');
  assert.match((await client.ask('RCPT TO:<a@other.example>')).text, /^451 4\.7\.1 /);
  assert.equal((await client.ask('RCPT TO:<a@example.com>')).code, 250);
});

test('a refused HELO leaves only its score', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: greets, on: connect, then: { tag: [early] } }
  - { id: friend, on: helo, when: { helo.name: friend.example }, then: [{ tag: [friend] }, { set: { seen: true } }, { score: 2 }, { reject: "550 5.7.1 No" }] }
  - id: counts
    on: rcpt
    then: { reject: "550 5.7.1 \${tag} \${result.seen} \${score}" }
`;
  const client = await introduced(await testRelay(t, { policy }));
  assert.deepEqual(
    await client.dialogue('EHLO friend.example', 'EHLO other.example', 'MAIL FROM:<a@x.example>', 'RCPT TO:<a@example.com>'),
    ['550 5.7.1 No', '250 relay.example.net', '250 2.1.0 Sender ok', '550 5.7.1 early  2'],
  );
});
