import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { contentText, introduced, OPEN_DOMAIN, submit, type TestRelay, testRelay } from './relay.ts';

const ENVELOPE = ['MAIL FROM:<a@b.example>', 'RCPT TO:<a@example.com>'] as const;

const chunk = (text: string, last = false): string => `BDAT ${Buffer.byteLength(text)}${last ? ' LAST' : ''}\r\n${text}`;

const replies = async (client: SmtpClient, count: number): Promise<string[]> => {
  const texts: string[] = [];
  while (texts.length < count) texts.push((await client.reply()).text);
  return texts;
};

const body = (relay: TestRelay): string => contentText(relay.accepted.at(-1)).replace(/^Received:.*\r\n(?:\t.*\r\n)*/, '');

test('a chunked message arrives unchanged, dots included', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.dialogue(...ENVELOPE);
  client.raw([chunk('Subject: x\r'), chunk('\n\r\n.\r\n..two\r\nRSET\r\n'), chunk('end\r\n', true), 'NOOP\r\n'].join(''));
  assert.deepEqual(await replies(client, 4), [
    '250 2.0.0 11 octets received',
    '250 2.0.0 19 octets received',
    '250 2.0.0 Ok: queued as id1',
    '250 2.0.0 Ok',
  ]);
  assert.equal(body(relay), 'Subject: x\r\n\r\n.\r\n..two\r\nRSET\r\nend\r\n');
});

test('BDAT 0 LAST ends a message, and a last line gets its end', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.dialogue(...ENVELOPE);
  client.raw(`${chunk('Subject: x\r\n\r\nno end')}BDAT 0 LAST\r\n`);
  assert.deepEqual(await replies(client, 2), ['250 2.0.0 20 octets received', '250 2.0.0 Ok: queued as id1']);
  assert.equal(body(relay), 'Subject: x\r\n\r\nno end\r\n');
  assert.equal(await submit(client, 'Subject: y\r\n\r\n'), '250 2.0.0 Ok: queued as id2');
});

test('a refused chunk is consumed and never interpreted as commands', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:\n  - { id: d, on: data, when: { sender.local: bad }, then: { reject: "550 5.7.1 no" } }\n`;
  const relay = await testRelay(t, { policy, limits: { messageSize: 50, errors: 100 } });
  const client = await introduced(relay);
  client.raw(chunk('QUIT\r\n', true));
  assert.deepEqual(await replies(client, 1), ['503 5.5.1 Bad sequence of commands']);
  await client.ask('MAIL FROM:<a@b.example>');
  client.raw(chunk('QUIT\r\n', true));
  assert.deepEqual(await replies(client, 1), ['554 5.5.1 No valid recipients']);
  await client.ask('RCPT TO:<a@example.com>');
  client.raw(chunk('x'.repeat(60)) + chunk('QUIT\r\n', true));
  assert.deepEqual(await replies(client, 2), ['552 5.3.4 Message too big', '503 5.5.1 Bad sequence of commands']);
  await client.dialogue('MAIL FROM:<bad@b.example>', 'RCPT TO:<a@example.com>');
  client.raw(chunk('QUIT\r\n', true));
  assert.deepEqual(await replies(client, 1), ['550 5.7.1 no']);
  assert.equal((await client.ask('NOOP')).code, 250);
  assert.equal(relay.accepted.length, 0);
});

test('stray CR, LF and NUL are refused, also across chunk boundaries', async (t) => {
  const relay = await testRelay(t, { limits: { errors: 100 } });
  for (const chunks of [['a\nb\r\n'], ['a\r', 'b\r\n'], ['a\r\n\r'], ['a\0\r\n'], ['\n']]) {
    const client = await introduced(relay);
    await client.dialogue(...ENVELOPE);
    client.raw(chunks.map((text, index) => chunk(text, index === chunks.length - 1)).join(''));
    assert.equal((await replies(client, chunks.length)).at(-1), '550 5.6.0 Message has a bare CR or LF or a NUL', JSON.stringify(chunks));
  }
});

test('between chunks only BDAT, RSET and harmless commands are allowed', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.dialogue(...ENVELOPE);
  client.raw(chunk('x'.repeat(200_000)));
  await client.reply();
  assert.deepEqual(await client.dialogue('DATA', 'RCPT TO:<b@example.com>', 'MAIL FROM:<>', 'NOOP', 'RSET', 'MAIL FROM:<>'), [
    '503 5.5.1 Bad sequence of commands',
    '503 5.5.1 Bad sequence of commands',
    '503 5.5.1 Bad sequence of commands',
    '250 2.0.0 Ok',
    '250 2.0.0 Ok',
    '250 2.1.0 Sender ok',
  ]);
  assert.deepEqual(await relay.files.left(), []);
});

test('a client that leaves between or within chunks leaves no file', async (t) => {
  const relay = await testRelay(t);
  for (const text of [chunk(`\r\n${'x'.repeat(200_000)}`), chunk(`\r\n${'x'.repeat(200_000)}`).slice(0, -1)]) {
    const client = await introduced(relay);
    await client.dialogue(...ENVELOPE);
    client.raw(text);
    await until(async () => (await relay.files.left()).length > 0, 'a body file');
    client.reset();
    await until(() => relay.server.connections === 0, 'the end of the session');
  }
  assert.deepEqual(await relay.files.left(), []);
});

test('an invalid chunk length closes the session', async (t) => {
  for (const line of ['BDAT', 'BDAT x', 'BDAT -1', 'BDAT 5 FIRST', 'BDAT 9999999999999999']) {
    const client = await introduced(await testRelay(t));
    assert.equal((await client.ask(line)).text, '501 5.5.4 Syntax error in arguments');
    await client.over();
  }
});
