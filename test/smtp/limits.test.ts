import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { introduced, OPEN_DOMAIN, submit, testRelay } from './relay.ts';

test('a message over the size limit is refused by SIZE and by actual size', async (t) => {
  const relay = await testRelay(t, { limits: { messageSize: 1000 } });
  const client = await introduced(relay);
  assert.equal((await client.ask('MAIL FROM:<a@b.example> SIZE=1001')).text, '552 5.3.4 Message too big');
  assert.equal(await submit(client, `\r\n${'x'.repeat(996)}`), '250 2.0.0 Ok: queued as id1');
  assert.equal(await submit(client, `\r\n${'x'.repeat(997)}`), '552 5.3.4 Message too big');
  assert.equal(await submit(client, 'Subject: small\r\n\r\n'), '250 2.0.0 Ok: queued as id2');
});

test('a big message that is refused leaves no file', async (t) => {
  const relay = await testRelay(t, { limits: { messageSize: 500_000 } });
  const client = await introduced(relay);
  assert.equal(await submit(client, `\r\n${'x'.repeat(300_000)}`), '250 2.0.0 Ok: queued as id1');
  assert.equal(relay.accepted[0]?.content.body.kind, 'file');
  assert.equal((await relay.files.left()).length, 1);
  assert.equal(await submit(client, `\r\n${'x'.repeat(600_000)}`), '552 5.3.4 Message too big');
  assert.equal((await relay.files.left()).length, 1);
});

test('too many recipients is 452, and earlier ones are kept', async (t) => {
  const relay = await testRelay(t, { limits: { recipients: 2 } });
  const client = await introduced(relay);
  const replies = await client.dialogue(
    'MAIL FROM:<>',
    'RCPT TO:<a@example.com>',
    'RCPT TO:<b@example.com>',
    'RCPT TO:<c@example.com>',
    'RCPT TO:<A@example.com>',
    'DATA',
    '.',
  );
  assert.deepEqual(replies.slice(3, 5), ['452 4.5.3 Too many recipients', '250 2.1.5 Recipient ok']);
  assert.equal(relay.accepted[0]?.recipients.length, 2);
});

test('too many connections, in all and from one address', async (t) => {
  const relay = await testRelay(t, { limits: { connectionsPerIp: 2 } });
  const [first] = [await introduced(relay), await introduced(relay)];
  const third = await relay.connect();
  assert.equal((await third.reply()).text, '421 4.7.0 Too many connections from your address');
  await third.over();
  first?.destroy();
  await until(() => relay.server.connections === 1, 'the first has left');
  assert.equal((await (await relay.connect()).reply()).code, 220);
  const full = await testRelay(t, { limits: { connections: 1 } });
  await introduced(full);
  assert.equal((await (await full.connect()).reply()).text, '421 4.3.2 Too many connections, try again later');
});

test('the addresses of one IPv6 network count together', async (t) => {
  const relay = await testRelay(t, { limits: { connectionsPerIp: 2 }, trustsProxy: () => true });
  const greeting = async (ip: string): Promise<string> => {
    const client = await relay.connect();
    client.send(`PROXY TCP6 ${ip} 2001:db8::25 4000 25`);
    return (await client.reply()).text;
  };
  const greetings = [await greeting('2001:db8:1:2::1'), await greeting('2001:db8:1:2:ffff::2'), await greeting('2001:db8:1:3::1')];
  assert.deepEqual([...new Set(greetings)], ['220 relay.example.net ESMTP']);
  assert.equal(await greeting('2001:db8:1:2::3'), '421 4.7.0 Too many connections from your address');
  assert.equal(relay.server.connections, 3);
});

test('too many errors close the connection; an accepted message resets the count', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { errors: 2 } }));
  assert.deepEqual(await client.dialogue('FOO', 'RCPT TO:<a@example.com>'), [
    '500 5.5.2 Command not recognized',
    '503 5.5.1 Bad sequence of commands',
  ]);
  assert.equal(await submit(client, 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  assert.deepEqual(await client.dialogue('FOO', 'FOO', 'FOO'), [
    '500 5.5.2 Command not recognized',
    '500 5.5.2 Command not recognized',
    '421 4.7.0 Too many errors',
  ]);
  await client.over();
});

test('an overlong line is discarded to its end', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { commandLine: 100 } }));
  client.raw(`NOOP ${'x'.repeat(50_000)}`);
  client.raw(`${'x'.repeat(50_000)}\r\nNOOP\r\n`);
  assert.equal((await client.reply()).text, '500 5.5.2 Line too long');
  assert.equal((await client.reply()).text, '250 2.0.0 Ok');
  assert.equal((await client.ask(`NOOP ${'x'.repeat(94)}`)).code, 250);
  assert.equal((await client.ask(`NOOP ${'x'.repeat(97)}`)).code, 500);
});

test('an oversized header and a mail loop are refused', async (t) => {
  const relay = await testRelay(t, { limits: { headerSize: 1000, received: 2 } });
  const client = await introduced(relay);
  assert.equal(await submit(client, `Subject: ${'x'.repeat(1000)}\r\n\r\n`), '552 5.3.4 Message header too big');
  assert.equal(await submit(client, 'Received: a\r\nReceived: b\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  assert.equal(
    await submit(client, 'Received: a\r\nreceived: b\r\nRECEIVED: c\r\n\r\n'),
    '554 5.4.6 Too many hops, this message is in a loop',
  );
});

test('idle and old connections are closed, but not one that the relay keeps waiting', async (t) => {
  for (const limits of [{ idle: 200 }, { session: 300 }]) {
    const client = await (await testRelay(t, { limits })).connect();
    assert.equal(await goodbye(client), '421 4.4.2 Timeout, closing connection');
    await client.over();
  }
  for (const idle of [200, 2_000, 20_000]) if (await outlives(t, idle)) return;
  assert.fail('closed while it waited for the relay');
});

/** What the relay says when it closes the connection, after the greeting if there was time for one. */
const goodbye = async (client: SmtpClient): Promise<string> => {
  const { code, text } = await client.reply();
  return code === 421 ? text : goodbye(client);
};

/** A client is kept waiting longer than it may be idle. On a slow machine it may be idle too long itself: then it has to have more time. */
const outlives = async (t: TestContext, idle: number): Promise<boolean> => {
  const policy = `${OPEN_DOMAIN}rules:\n  - { id: s, on: mail, then: { tarpit: ${2 * idle}ms } }\n`;
  try {
    const waiting = await introduced(await testRelay(t, { policy, limits: { idle } }));
    return (await waiting.ask('MAIL FROM:<>')).code === 250;
  } catch {
    return false;
  }
};

test('a greeting pause detects early talkers only', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:\n  - { id: e, on: connect, when: { client.early_talker: true }, then: { reject: "554 5.5.1 too early" } }\n`;
  const relay = await testRelay(t, { policy, greetingPause: () => 200 });
  const early = await relay.connect();
  early.send('EHLO x.example');
  assert.equal((await early.reply()).text, '554 5.5.1 too early');
  const start = Date.now();
  const patient = await relay.connect();
  assert.equal((await patient.reply()).code, 220);
  assert.ok(Date.now() - start >= 150);
});

test('without a pause the greeting is immediate', async (t) => {
  const relay = await testRelay(t);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const client = await SmtpClient.connect(relay.address);
    const start = Date.now();
    client.raw('EHLO x.example\r\nQUIT\r\n');
    assert.deepEqual([(await client.reply()).code, (await client.reply()).code, (await client.reply()).code], [220, 250, 221]);
    waits.push(Date.now() - start);
    await client.over();
  }
  // smtp-server by itself waits 100 ms.
  assert.ok(Math.min(...waits) < 90);
});

test('commands without a message are counted, and an accepted message resets the count', async (t) => {
  const client = await introduced(await testRelay(t, { limits: { commands: 10, recipients: 2 } }));
  for (let said = 1; said < 12; said++) assert.equal((await client.ask('NOOP')).code, 250);
  assert.equal((await client.ask('NOOP')).text, '421 4.7.0 Too many commands without a message');
  await client.over();
  const sender = await introduced(await testRelay(t, { limits: { commands: 10, recipients: 2 } }));
  for (let message = 1; message < 10; message++) assert.match(await submit(sender, 'Subject: x\r\n\r\n'), /^250/);
});
