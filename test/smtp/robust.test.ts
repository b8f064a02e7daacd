import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { introduced, OPEN_DOMAIN, submit, type TestRelay, testRelay } from './relay.ts';

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const settled = (relay: TestRelay): Promise<void> => until(() => relay.server.connections === 0, 'the end of all sessions');

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

test('a full disk is 452, any other fault 451, and the session goes on', async (t) => {
  for (const [code, reply] of [
    ['ENOSPC', '452 4.3.1 Insufficient system storage, try again later'],
    ['EIO', '451 4.3.0 Local problem, try again later'],
  ] as const) {
    const relay = await testRelay(t, { accept: failing(code) });
    const client = await introduced(relay);
    assert.equal(await submit(client, `\r\n${'x'.repeat(200_000)}`), reply);
    assert.deepEqual(await relay.files.left(), []);
    assert.equal(await submit(client, ''), reply);
  }
});

test('a disk that fails while the message arrives is answered at its end', async (t) => {
  const relay = await testRelay(t, { bodies: { newBody: failing('ENOSPC') } });
  const client = await introduced(relay);
  assert.equal(await submit(client, `\r\n${'x'.repeat(500_000)}`), '452 4.3.1 Insufficient system storage, try again later');
  assert.equal(await submit(client, 'Subject: small\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
});

test('a client that disconnects in DATA leaves nothing behind', async (t) => {
  const relay = await testRelay(t);
  for (const leave of ['destroy', 'reset', 'halfClose'] as const) {
    const client = await introduced(relay);
    await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
    client.raw(`\r\n${'x'.repeat(300_000)}\r\n`);
    await until(async () => (await relay.files.left()).length > 0, 'a body file');
    client[leave]();
    await settled(relay);
  }
  await settled(relay);
  assert.deepEqual(await relay.files.left(), []);
  assert.equal(relay.accepted.length, 0);
});

test('a connection reset at any moment ends only its own session', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:\n  - { id: s, on: rcpt, then: { tarpit: 30ms } }\n`;
  const relay = await testRelay(t, { policy, accept: () => sleep(30) });
  const bytes = 'EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\nSubject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n';
  for (let length = 0; length <= bytes.length; length += 3) {
    const client = await SmtpClient.connect(relay.address);
    client.raw(bytes.slice(0, length));
    await sleep(length % 7);
    client.reset();
  }
  await settled(relay);
  assert.equal((await (await introduced(relay)).ask('NOOP')).code, 250);
});

test('an unfinished line at disconnect is not a command', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  client.raw('NOOP\r\nMAIL FROM:<a@b.example>');
  client.halfClose();
  assert.equal((await client.reply()).code, 250);
  await client.over();
  assert.equal(client.unread, '');
});

test('a client that half-closes still gets its replies', async (t) => {
  const relay = await testRelay(t, { accept: () => sleep(50) });
  const client = await relay.connect();
  client.raw('EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n');
  for (let i = 0; i < 5; i++) await client.reply();
  client.raw('Subject: x\r\n\r\n.\r\nQUIT\r\n');
  client.halfClose();
  assert.equal((await client.reply()).text, '250 2.0.0 Ok: queued as id1');
  assert.equal((await client.reply()).code, 221);
});

test('a client that never reads does not exhaust memory', async (t) => {
  const relay = await testRelay(t, { limits: { commands: 100_000_000 } });
  const client = await introduced(relay);
  client.socket.pause();
  let sent = 0;
  while (client.socket.writableLength < 1_000_000 && sent < 64_000_000) {
    client.raw('HELP\r\n'.repeat(10_000));
    sent += 60_000;
    await sleep(2);
  }
  assert.ok(sent < 64_000_000, 'the relay stopped reading');
  client.destroy();
  await settled(relay);
});

test('input after a refused DATA does not block the session', async (t) => {
  const client = await introduced(await testRelay(t));
  client.raw('MAIL FROM:<>\r\nRCPT TO:<a@elsewhere.example>\r\nDATA\r\nNOOP\r\n');
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await client.reply()).code);
  assert.deepEqual(codes, [250, 550, 554, 250]);
});

test('shutdown: idle clients get 421, transactions may finish', async (t) => {
  const relay = await testRelay(t);
  const [idle, busy] = [await introduced(relay), await introduced(relay)];
  await busy.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
  const closed = relay.server.close(3000);
  assert.equal((await idle.reply()).text, '421 4.3.2 Shutting down, try again later');
  await idle.over();
  await assert.rejects(SmtpClient.connect(relay.address));
  busy.raw('Subject: x\r\n\r\n.\r\n');
  assert.equal((await busy.reply()).text, '250 2.0.0 Ok: queued as id1');
  assert.equal((await busy.reply()).text, '421 4.3.2 Shutting down, try again later');
  await closed;
});

test('shutdown: sessions are closed after the grace period', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.ask('MAIL FROM:<>');
  const start = Date.now();
  await relay.server.close(200);
  assert.ok(Date.now() - start < 10_000);
  assert.equal((await client.reply()).text, '421 4.3.2 Shutting down, try again later');
  await client.over();
});

test('shutdown waits for a message being queued, even if its client is gone', async (t) => {
  let state: 'waiting' | 'queueing' | 'queued' = 'waiting';
  const accept = async (): Promise<void> => {
    state = 'queueing';
    await sleep(300);
    state = 'queued';
  };
  const relay = await testRelay(t, { accept });
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
  client.raw('Subject: x\r\n\r\n.\r\n');
  await until(() => state === 'queueing', 'the message');
  client.reset();
  await relay.server.close(10);
  assert.equal(state, 'queued');
});

test('listens on a unix socket, where clients have no address', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-'));
  t.after(() => rm(folder, { recursive: true }));
  const policy = 'version: 1\ngrants:\n  - { id: local, when: { client.ip: { exists: false } } }\n';
  const relay = await testRelay(t, { policy, listener: { address: { path: join(folder, 's') } } });
  assert.equal(relay.address, `unix:${join(folder, 's')}`);
  assert.equal(await submit(await introduced(relay), 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
});
