import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import type { Shortage } from '../../src/smtp/settings.ts';
import { selfSigned } from '../kit/certificate.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { introduced, submit, type TestRelay, testRelay } from './relay.ts';

const context = createSecureContext({ ...selfSigned('relay.example.net'), minVersion: 'TLSv1.2' });
/** Milliseconds for a handshake; a slow machine needs some hundreds for an honest one. */
const HANDSHAKE = 3_000;
const CLIENT_HELLO_CUT = Buffer.from('16030100f8010000f40303', 'hex');

test('implicit TLS handshakes count as connections and have a deadline', async (t) => {
  const listener = { tls: 'implicit' } as const;
  const relay = await testRelay(t, { tls: () => context, listener, limits: { connectionsPerIp: 2, handshake: 4_000 } });
  const silent = [await relay.connect(), await relay.connect()];
  silent[1]?.raw(CLIENT_HELLO_CUT);
  await until(() => relay.server.connections === 2, 'both are counted');
  const third = await relay.connect();
  await third.over();
  assert.ok(silent.every((client) => !client.isOver));
  for (const client of silent) await client.over();
  await until(() => relay.server.connections === 0, 'both have left');
  const client = await SmtpClient.connectTls(relay.address);
  assert.equal((await client.reply()).code, 220);
  assert.equal(relay.server.connections, 1);
  client.destroy();
  await until(() => relay.server.connections === 0, 'it has left');
  const reasons = JSON.stringify(relay.events).match(/"the handshake took too long"/g);
  assert.equal(reasons?.length, 2);
});

test('STARTTLS handshakes have the same deadline', async (t) => {
  const relay = await testRelay(t, { tls: () => context, listener: { tls: 'starttls' }, limits: { handshake: HANDSHAKE } });
  const cutOff = async (said: Buffer): Promise<void> => {
    const client = await introduced(relay);
    assert.equal((await client.ask('STARTTLS')).code, 220);
    client.raw(said);
    await client.over();
  };
  await Promise.all([Buffer.alloc(0), CLIENT_HELLO_CUT].map(cutOff));
  await until(() => relay.server.connections === 0, 'both have left');
  const client = await introduced(relay);
  await client.ask('STARTTLS');
  await client.startTls();
  await new Promise((resolve) => setTimeout(resolve, HANDSHAKE + 100));
  assert.equal((await client.ask('EHLO client.example.org')).code, 250);
});

test('a refused client holds no descriptor', async (t) => {
  const relay = await testRelay(t, { sockets: 4, limits: { connectionsPerIp: 2 } });
  await introduced(relay);
  await introduced(relay);
  for (let turnedAway = 0; turnedAway < 20; turnedAway++) {
    const client = await relay.connect();
    assert.equal((await client.reply()).code, 421);
  }
});

test('sockets are closed before descriptors run out, and accepted again later', async (t) => {
  const shed: Shortage[] = [];
  const relay = await testRelay(t, { sockets: 2, shed: (shortage) => void shed.push(shortage) });
  const first = await introduced(relay);
  const second = await introduced(relay);
  const third = await relay.connect();
  await third.over();
  assert.equal(third.unread, '');
  assert.deepEqual(shed, ['descriptors']);
  first.destroy();
  await until(() => relay.server.connections === 1, 'the first has left');
  assert.equal((await (await relay.connect()).reply()).code, 220);
  assert.match(await submit(second, 'Subject: x\r\n\r\n'), /^250/);
});

/** One byte after the other, until it is told to stop or the relay hangs up. */
const sendSlowly = (client: SmtpClient, text: string, every: number): NodeJS.Timeout => {
  let at = 0;
  return setInterval(() => client.raw(text[at++ % text.length] ?? ''), every);
};

test('a command has a total deadline, a message one by size', async (t) => {
  const relay = await testRelay(t, { limits: { idle: 3_000, minDataRate: 1000 } });
  const [command, slow, steady] = [await introduced(relay), await introduced(relay), await introduced(relay)];
  for (const client of [slow, steady]) await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
  const line = `x: ${'y'.repeat(2_995)}\r\n`;
  steady.raw('\r\n');
  const timers = [sendSlowly(command, 'NOOP ', 50), sendSlowly(slow, 'x: y\r\n', 50), setInterval(() => steady.raw(line), 100)];
  t.after(() => timers.forEach(clearInterval));
  for (const client of [command, slow]) assert.equal((await client.reply()).text, '421 4.4.2 Timeout, closing connection');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  clearInterval(timers[2]);
  steady.raw('.\r\n');
  assert.match((await steady.reply()).text, /^250/);
});

test('a new client displaces a silent one when connections are full, but not one that has sent mail', async (t) => {
  const shed: Shortage[] = [];
  const relay = await testRelay(t, { limits: { connections: 3, idleUnderStress: 60_000 }, shed: (shortage) => void shed.push(shortage) });
  const sender = await introduced(relay);
  assert.match(await submit(sender, 'Subject: x\r\n\r\n'), /^250/);
  const silent = [await introduced(relay), await introduced(relay)];
  // Both said something a moment ago, however long it took to get here.
  await Promise.all(silent.map((client) => client.ask('NOOP')));
  assert.equal((await (await relay.connect()).reply()).text, '421 4.3.2 Too many connections, try again later');
  await new Promise((resolve) => setTimeout(resolve, 1300));
  assert.match(await submit(await introduced(relay), 'Subject: y\r\n\r\n'), /^250/);
  assert.equal((await silent[0]?.reply())?.text, '421 4.3.2 Too many connections, try again later');
  assert.match(await submit(sender, 'Subject: z\r\n\r\n'), /^250/);
  assert.deepEqual(shed, ['connections']);
});

test('under a shortage strangers get shorter deadlines, which relax afterwards', async (t) => {
  const relay = await testRelay(t, { limits: { connections: 5, idle: 60_000, idleUnderStress: 1_000 } });
  const sender = await introduced(relay);
  assert.match(await submit(sender, 'Subject: x\r\n\r\n'), /^250/);
  const strangers = [await introduced(relay), await introduced(relay), await introduced(relay)];
  assert.equal((await strangers[0]?.reply())?.text, '421 4.4.2 Timeout, closing connection');
  await until(() => relay.server.connections === 1, 'the strangers have left');
  assert.match(await submit(sender, 'Subject: y\r\n\r\n'), /^250/);
  const later = await introduced(relay);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal((await later.ask('NOOP')).code, 250);
});

const manyRecipients = async (client: SmtpClient, count: number): Promise<void> => {
  client.send('MAIL FROM:<>');
  for (let one = 0; one < count; one++) client.send(`RCPT TO:<a${one}@example.com> ORCPT=rfc822;${'o'.repeat(400)}@example.com`);
  client.send('NOOP');
};

test('over the memory budget only the largest holder is closed', async (t) => {
  const relay = await testRelay(t, { memory: () => 1_000_000, limits: { recipients: 10_000, commands: 10_000 } });
  const modest = await introduced(relay);
  await modest.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>');
  const greedy = connect({ host: '127.0.0.1', port: Number(relay.address.split(':')[1]), localAddress: '127.0.66.1' });
  let heard = '';
  greedy.on('data', (said) => (heard += said)).on('error', () => undefined);
  greedy.write(`EHLO x.example\r\nMAIL FROM:<>\r\n`);
  for (let one = 0; one < 2000; one++) greedy.write(`RCPT TO:<a${one}@example.com> ORCPT=rfc822;${'o'.repeat(400)}@example.com\r\n`);
  await until(() => greedy.destroyed, 'the greedy one is gone');
  assert.match(heard, /\r\n421 4\.3\.1 Insufficient system resources, try again later\r\n$/);
  assert.equal((await modest.ask('DATA')).code, 354);
  await until(() => relay.server.connections === 1 && relay.server.held < 200_000, 'the memory is free again');
});

test('partial headers, bodies and envelopes count against memory until released', async (t) => {
  const relay = await testRelay(t, { limits: { recipients: 1000, headerSize: 1_000_000 } });
  const heldBy = async (say: (client: SmtpClient) => Promise<void>, atLeast: number): Promise<void> => {
    const client = await introduced(relay);
    await say(client);
    await until(() => relay.server.held > atLeast, `${atLeast} bytes are counted, not ${relay.server.held}`);
    client.reset();
    await until(() => relay.server.held === 0, 'all is given back');
  };
  const message = async (client: SmtpClient, content: string): Promise<void> => {
    await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
    client.raw(content);
  };
  await heldBy((client) => message(client, 'x: y\r\n'.repeat(40_000)), 240_000);
  await heldBy((client) => message(client, `x: y\r\n\r\n${'z\r\n'.repeat(40_000)}`), 120_000);
  await heldBy((client) => manyRecipients(client, 500), 500_000);
});

/** No reset behind a half-close: libuv refuses that and keeps the client's handle. */
const STEPS: readonly ((client: SmtpClient) => void)[] = [
  (client) => client.send('EHLO x.example'),
  (client) => client.send('MAIL FROM:<>'),
  (client) => client.send('RCPT TO:<a@example.com>', 'RCPT TO:<b@example.com>'),
  (client) => client.raw('DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n'),
  (client) => client.raw(`DATA\r\n${'x: y\r\n'.repeat(3000)}`),
  (client) => client.raw(`BDAT 200000\r\n\r\n${'x\r\n'.repeat(66_666)}`),
  (client) => client.raw('BDAT 5 LAST\r\nx\r\n\r\n'),
  (client) => client.send('RSET'),
  (client) => client.send('NONSENSE'),
  (client) => client.halfClose(),
  (client) => client.destroy(),
];

test('no session leaves memory counted after it ends', async (t) => {
  const relay: TestRelay = await testRelay(t);
  const session = fc.array(fc.nat({ max: STEPS.length - 1 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(session, { minLength: 1, maxLength: 5 }), async (sessions) => {
      const clients = await Promise.all(sessions.map(() => relay.connect()));
      for (const [index, steps] of sessions.entries())
        for (const step of steps) if (!clients[index]?.isOver) STEPS[step]?.(clients[index] ?? assert.fail());
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const client of clients) client.destroy();
      await until(() => relay.server.held === 0 && relay.server.connections === 0, `nothing is held, not ${relay.server.held}`);
    }),
    { numRuns: 40 },
  );
});

test('a client that reconnects too fast is closed without a reply; others are not', async (t) => {
  const relay = await testRelay(t, { limits: { connectionRatePerIp: 1 } });
  const greeted = async (localAddress: string): Promise<boolean> => {
    const socket = connect({ host: '127.0.0.1', port: Number(relay.address.split(':')[1]), localAddress });
    const heard = await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true)).once('close', () => resolve(false));
      socket.on('error', () => undefined);
    });
    socket.destroy();
    return heard;
  };
  const answers = await Promise.all(Array.from({ length: 15 }, () => greeted('127.0.66.1')));
  assert.equal(answers.filter(Boolean).length, 10);
  assert.ok(await greeted('127.0.77.1'));
  const own = await Promise.all(Array.from({ length: 15 }, () => greeted('127.0.0.1')));
  assert.ok(own.every(Boolean));
});

test('a refused client that keeps sending is disconnected', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  client.send('QUIT');
  const more = setInterval(() => client.raw(Buffer.alloc(16_384, 'x')), 5);
  t.after(() => clearInterval(more));
  await until(() => relay.server.connections === 0, 'the socket is closed');
});
