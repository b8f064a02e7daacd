import assert from 'node:assert/strict';
import { test } from 'node:test';
import { introduced, testRelay } from './relay.ts';

const good = 'RCPT TO:<ann@example.com>';
const gone = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `RCPT TO:<x${index + from}@example.net>`);
const MAIL = 'MAIL FROM:<list@example.org>';
const MESSAGE = ['Subject: x', '', 'x', '.'];

/** Envelopes of which one recipient is taken, with `limits.errors` 2: in whatever order, the message arrives. */
const ARRIVE: readonly { readonly name: string; readonly rcpt: readonly string[] }[] = [
  { name: 'the good one first', rcpt: [good, ...gone(3)] },
  { name: 'the good one last', rcpt: [...gone(3), good] },
  { name: 'the good one in the middle', rcpt: [...gone(2), good, ...gone(1, 2)] },
  { name: 'addresses that cannot be read', rcpt: [good, 'RCPT TO:<a@b@c>', 'RCPT TO:<>', 'RCPT TO:<@>'] },
  { name: 'parameters that are unknown', rcpt: [good, ...gone(3).map((line) => `${line} XYZ=1`)] },
];

for (const pipelining of [true, false])
  for (const { name, rcpt } of ARRIVE)
    test(`refused recipients do not block accepted ones: ${name}${pipelining ? ', pipelined' : ''}`, async (t) => {
      const relay = await testRelay(t, { limits: { errors: 2 } });
      const client = await introduced(relay);
      const commands = [MAIL, ...rcpt, 'DATA'];
      if (pipelining) client.send(...commands);
      const codes: number[] = [];
      for (const line of commands) codes.push((pipelining ? await client.reply() : await client.ask(line)).code);
      assert.equal(codes.at(-1), 354);
      assert.equal(codes.filter((code) => code >= 500).length, rcpt.length - 1);
      client.send(...MESSAGE);
      assert.equal((await client.reply()).code, 250);
      assert.deepEqual(
        relay.accepted.map(({ recipients }) => recipients.map(({ address }) => address)),
        [['ann@example.com']],
      );
    });

test('address guessing is slowed to one a second after limits.errors refusals', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { errors: 1 } }));
  await client.dialogue(MAIL, good);
  const seconds: number[] = [];
  for (const line of gone(4)) {
    const since = performance.now();
    assert.equal((await client.ask(line)).code, 550);
    seconds.push(Math.floor((performance.now() - since + 50) / 1000));
  }
  assert.deepEqual([seconds.slice(0, 2), seconds.slice(2).every((each) => each >= 1)], [[0, 0], true]);
});

test('a session without an accepted recipient is closed after ten times as many', { timeout: 600_000 }, async (t) => {
  const relay = await testRelay(t, { limits: { errors: 0 } });
  const one = await introduced(relay);
  assert.deepEqual(await one.dialogue(MAIL, ...gone(1)), ['250 2.1.0 Sender ok', '421 4.7.0 Too many errors']);
  const other = await introduced(await testRelay(t, { limits: { errors: 1 } }));
  for (const round of [0, 1, 2, 3, 4]) await other.dialogue(MAIL, ...gone(1, round), 'RSET');
  other.send(MAIL, ...gone(6));
  for (const code of [250, 550, 550, 550, 550, 550, 421]) assert.equal((await other.reply()).code, code);
  await other.over();
});

/** Commands that fail only because one before them did count once; `limits.errors` is 2. */
const FOLLOW: readonly { readonly name: string; readonly lines: readonly string[]; readonly codes: readonly number[] }[] = [
  { name: 'MAIL is refused', lines: ['MAIL FROM:<bad>', ...gone(4), 'DATA', 'NOOP'], codes: [501, 503, 503, 503, 503, 503, 250] },
  {
    name: 'all recipients are refused',
    lines: [MAIL, ...gone(2), 'DATA', 'RSET', 'FOO', 'FOO'],
    codes: [250, 550, 550, 554, 250, 500, 500],
  },
  { name: 'nothing is', lines: ['RCPT TO:<a@b>', 'DATA', 'FOO'], codes: [503, 503, 421] },
];

for (const { name, lines, codes } of FOLLOW)
  test(`commands pipelined after a refusal do not count as errors: ${name}`, async (t) => {
    const client = await introduced(await testRelay(t, { limits: { errors: 2 } }));
    client.send(...lines);
    for (const code of codes) assert.equal((await client.reply()).code, code);
  });
