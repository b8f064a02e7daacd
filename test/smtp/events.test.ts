import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { SESSION_EVENTS } from '../../src/smtp/session/event.ts';
import { selfSigned } from '../kit/certificate.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { introduced, OPEN_DOMAIN, submit, type TestRelay, type TestRelayOptions, testRelay } from './relay.ts';

type Fields = Readonly<Record<string, unknown>>;

const MESSAGE = 'From: a@example.org\r\nMessage-ID: <one@example.org>\r\nSubject: x\r\n\r\nhello';

const fieldsOf = (fields: object): Fields => ({ ...fields });

const poll = async <Found>(look: () => Found | undefined): Promise<Found> => {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const found = look();
    if (found !== undefined) return found;
  }
  return assert.fail('waited for a line of the log');
};

/** The line of the log of this text, and the one of the decision log, when they are there. */
const lineOf = (relay: TestRelay, event: string): Promise<Fields> =>
  poll(() => {
    const line = relay.logged.find(({ text }) => text === event);
    return line && fieldsOf(line.fields);
  });

const pick = (fields: Fields, ...keys: readonly string[]): readonly unknown[] => keys.map((key) => fields[key]);

/** What the client does, and how the refusal is logged. */
const REFUSALS: readonly {
  readonly name: string;
  readonly options?: TestRelayOptions;
  readonly lines: readonly string[];
  readonly event: string;
  readonly fields: Fields;
}[] = [
  {
    name: 'a recipient without a grant',
    lines: ['MAIL FROM:<x@example.org>', 'RCPT TO:<y@example.net>'],
    event: 'recipient refused',
    fields: { sender: 'x@example.org', recipient: 'y@example.net', code: 550, enhanced: '5.7.1', by: 'grants', helo: 'client.example.org' },
  },
  {
    name: 'a recipient that is not an address',
    lines: ['MAIL FROM:<x@example.org>', 'RCPT TO:<y@@example.net>'],
    event: 'recipient refused',
    fields: { sender: 'x@example.org', recipient: 'y@@example.net', argument: 'TO:<y@@example.net>', code: 501, by: undefined },
  },
  {
    name: 'one recipient too many',
    options: { limits: { recipients: 1 } },
    lines: ['MAIL FROM:<x@example.org>', 'RCPT TO:<y@example.com>', 'RCPT TO:<z@example.com>'],
    event: 'recipient refused',
    fields: { sender: 'x@example.org', recipient: 'z@example.com', code: 452 },
  },
  {
    name: 'a sender that is not an address',
    lines: ['MAIL FROM:<x@@example.org>'],
    event: 'sender refused',
    fields: { sender: 'x@@example.org', code: 501, transaction: undefined },
  },
  {
    name: 'a sender that a rule refuses',
    options: { policy: `${OPEN_DOMAIN}rules: [{ id: no, on: mail, then: { reject: "550 5.7.1 no" } }]\n` },
    lines: ['MAIL FROM:<x@example.org>'],
    event: 'sender refused',
    fields: { sender: 'x@example.org', code: 550, by: 'p/no', command: 'MAIL' },
  },
  {
    name: 'a declared size that is too large',
    lines: ['MAIL FROM:<x@example.org> SIZE=99999999'],
    event: 'sender refused',
    fields: { sender: 'x@example.org', code: 552, enhanced: '5.3.4' },
  },
  {
    name: 'a HELO that a rule refuses',
    options: {
      policy: `${OPEN_DOMAIN}rules: [{ id: no, on: helo, when: { helo.name: bad.example }, then: { reject: "550 5.7.1 no" } }]\n`,
    },
    lines: ['HELO bad.example'],
    event: 'helo refused',
    fields: { helo: 'bad.example', code: 550, by: 'p/no' },
  },
  {
    name: 'what is no command',
    lines: ['FOO bar'],
    event: 'command refused',
    fields: { command: 'UNKNOWN', argument: undefined, code: 500 },
  },
  { name: 'a line too long', lines: [`NOOP ${'x'.repeat(3000)}`], event: 'command refused', fields: { code: 500, text: 'Line too long' } },
  { name: 'DATA without MAIL', lines: ['DATA'], event: 'message refused', fields: { code: 503, command: 'DATA' } },
  {
    name: 'too many errors',
    options: { limits: { errors: 2 } },
    lines: ['X', 'X', 'X'],
    event: 'connection closed',
    fields: { code: 421, text: 'Too many errors' },
  },
];

for (const { name, options, lines, event, fields } of REFUSALS)
  test(`the log says who was refused: ${name}`, async (t) => {
    const relay = await testRelay(t, options);
    const client = await introduced(relay);
    for (const line of lines) await client.ask(line);
    const line = await lineOf(relay, event);
    assert.deepEqual(pick(line, ...Object.keys(fields)), Object.values(fields));
    const [connection, transaction] = pick(line, 'connection', 'transaction').map(String);
    assert.match(connection ?? '', /^[0-9a-f-]{36}$/);
    if (line.transaction !== undefined) assert.equal(transaction, `${connection}.1`);
    assert.deepEqual(pick(line, 'client', 'listener', 'tls'), ['127.0.0.1', 'mx', 'none']);
    assert.equal(typeof line.port, 'number');
    const decided = relay.decisions.some(({ verdict }) => verdict === 'reject');
    assert.equal(relay.events.filter((one) => one.event === event).length, decided ? 0 : 1, 'once in the decision log');
  });

const MESSAGES: readonly {
  readonly name: string;
  readonly options?: TestRelayOptions;
  readonly message: string;
  readonly reason: RegExp | undefined;
  readonly code: number;
}[] = [
  {
    name: 'too big',
    options: { limits: { messageSize: 200 } },
    message: `${MESSAGE}${'x'.repeat(300)}`,
    reason: /more than 200 bytes/,
    code: 552,
  },
  { name: 'a bare line feed', message: `${MESSAGE}\nx`, reason: /bare/, code: 550 },
  { name: 'a header too big', options: { limits: { headerSize: 100 } }, message: `A: ${'x'.repeat(200)}\r\n\r\n`, reason: /./, code: 552 },
  { name: 'a loop', message: `${'Received: x\r\n'.repeat(6)}${MESSAGE}`, reason: undefined, code: 554 },
  {
    name: 'a rule',
    options: { policy: `${OPEN_DOMAIN}rules: [{ id: no, on: data_post, then: { reject: "554 5.7.1 no" } }]\n` },
    message: MESSAGE,
    reason: undefined,
    code: 554,
  },
  {
    name: 'a disk that is full',
    options: { accept: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) },
    message: MESSAGE,
    reason: undefined,
    code: 452,
  },
];

for (const { name, options, message, reason, code } of MESSAGES)
  test(`the log says whose message was refused: ${name}`, async (t) => {
    const relay = await testRelay(t, options);
    assert.match(await submit(await introduced(relay), message), new RegExp(`^${code} `));
    const line = await lineOf(relay, 'message refused');
    const known = pick(line, 'sender', 'recipients', 'client', 'helo', 'code');
    assert.deepEqual(known, ['sender@example.org', ['rcpt@example.com'], '127.0.0.1', 'client.example.org', code]);
    assert.match(String(line.transaction), /\.1$/);
    if (reason) assert.match(String(line.reason), reason);
    assert.equal(relay.logged.filter(({ text }) => text === 'message refused').length, 1);
    const told = [
      ...relay.events.filter(({ event }) => event === 'message refused'),
      ...relay.decisions.filter(({ verdict }) => verdict === 'reject'),
    ];
    assert.equal(told.length, 1, 'once in the decision log');
    if (message === MESSAGE) assert.equal(told[0]?.messageId, '<one@example.org>');
  });

test('queued, quarantined and discarded messages are logged with all recipients', async (t) => {
  const rules = ['quarantine: { reason: odd }', 'discard: true'].map(
    (action, index) => `{ id: r${index}, on: data_post, when: { sender.address: r${index}@example.org }, then: { ${action} } }`,
  );
  const relay = await testRelay(t, { policy: `${OPEN_DOMAIN}rules: [${rules.join(', ')}]\n`, limits: { recipients: 100 } });
  const client = await introduced(relay);
  for (const sender of ['sender', 'r0', 'r1']) {
    await client.ask(`MAIL FROM:<${sender}@example.org>`);
    for (let i = 0; i < 25; i++) await client.ask(`RCPT TO:<rcpt${i}@example.com>`);
    await client.ask('DATA');
    client.raw(`${MESSAGE}\r\n.\r\n`);
    assert.match((await client.reply()).text, /^250 /);
  }
  for (const [index, event] of ['queued', 'quarantined', 'discarded'].entries()) {
    const line = await lineOf(relay, event);
    const known = pick(line, 'client', 'helo', 'sender', 'moreRecipients', 'messageId', 'queueId');
    const sender = `${['sender', 'r0', 'r1'][index]}@example.org`;
    assert.deepEqual(known, ['127.0.0.1', 'client.example.org', sender, 5, '<one@example.org>', `id${index + 1}`]);
    assert.deepEqual(
      line.recipients,
      Array.from({ length: 20 }, (_, i) => `rcpt${i}@example.com`),
    );
    assert.equal(typeof line.size, 'number');
  }
  for (let i = 0; i < 25; i++) assert.equal(relay.decisions.filter(({ recipient }) => recipient === `rcpt${i}@example.com`).length, 3);
});

test('a connection refused before the greeting is logged with its address', async (t) => {
  const relay = await testRelay(t, { limits: { connectionsPerIp: 1 } });
  await introduced(relay);
  const second = await relay.connect();
  assert.equal((await second.reply()).code, 421);
  const line = await lineOf(relay, 'connection refused');
  assert.deepEqual(pick(line, 'client', 'listener', 'code'), ['127.0.0.1', 'mx', 421]);
  assert.equal(line.port, second.socket.localPort);
});

test('a client that leaves before the reply is still logged', async (t) => {
  const relay = await testRelay(t, {
    policy: `${OPEN_DOMAIN}rules: [{ id: slow, on: rcpt, then: { tarpit: 300ms, reject: "550 5.7.1 no" } }]\n`,
  });
  const client = await introduced(relay);
  client.send('MAIL FROM:<x@example.org>', 'RCPT TO:<y@example.net>');
  await poll(() => relay.decisions.find(({ hook }) => hook === 'rcpt'));
  client.destroy();
  const line = await lineOf(relay, 'recipient refused');
  assert.deepEqual(pick(line, 'sender', 'recipient', 'by'), ['x@example.org', 'y@example.net', 'p/slow']);
});

test('an early talker is logged', async (t) => {
  const relay = await testRelay(t, { greetingPause: () => 200 });
  const client = await relay.connect();
  client.send('EHLO early.example', 'QUIT');
  const line = await lineOf(relay, 'early talker');
  assert.deepEqual(pick(line, 'client', 'listener'), ['127.0.0.1', 'mx']);
  await client.over();
  assert.equal(relay.events.filter(({ event }) => event === 'early talker').length, 1);
});

const certificate = selfSigned('relay.example.net');
const context = createSecureContext(certificate);

for (const tls of ['implicit', 'starttls'] as const)
  test(`a failed handshake is logged once with the address: ${tls}`, async (t) => {
    const relay = await testRelay(t, { tls: () => context, listener: { tls } });
    const client = await relay.connect();
    if (tls === 'starttls') {
      await client.reply();
      await client.ask('EHLO x.example');
      await client.ask('STARTTLS');
    }
    const { localPort } = client.socket;
    client.raw('this is no handshake\r\n');
    const line = await lineOf(relay, 'tls handshake failed');
    assert.deepEqual(pick(line, 'client', 'port', 'listener'), ['127.0.0.1', localPort, 'mx']);
    await client.over();
    assert.equal(relay.logged.filter(({ text }) => text === 'tls handshake failed').length, 1);
    assert.deepEqual(
      relay.logged.filter(({ level }) => level === 'warn' || level === 'error'),
      [],
    );
  });

test('log lines include TLS and login', async (t) => {
  const authenticate = async ({ password }: { readonly password: string }): Promise<boolean> => password === 'right';
  const relay = await testRelay(t, { tls: () => context, listener: { tls: 'implicit', auth: 'optional' }, authenticate });
  const client = await SmtpClient.connectTls(relay.address);
  t.after(() => client.destroy());
  await client.reply();
  await client.ask('EHLO x.example');
  assert.equal((await client.ask(`AUTH PLAIN ${Buffer.from('\0ann\0right').toString('base64')}`)).code, 235);
  await submit(client, MESSAGE);
  const line = await lineOf(relay, 'queued');
  assert.equal(line.login, 'ann');
  assert.match(String(line.tls), /^TLSv1\.3 TLS_/);
});

test('an invalid PROXY header is logged with the address of the proxy', async (t) => {
  const relay = await testRelay(t, { trustsProxy: () => true });
  const socket = connect(Number(relay.address.split(':')[1]), '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => undefined).write('EHLO x.example\r\n');
  const line = await lineOf(relay, 'proxy header refused');
  assert.deepEqual(pick(line, 'client', 'listener', 'reason'), ['127.0.0.1', 'mx', 'malformed PROXY header']);
});

test('client-supplied text is truncated in the log', async (t) => {
  const relay = await testRelay(t, { limits: { commandLine: 100_000 } });
  const client = await introduced(relay);
  const long = 'x'.repeat(50_000);
  await client.dialogue(`MAIL FROM:<${long}>`, 'MAIL FROM:<a@example.org>', `RCPT TO:<${long}@example.com>`, `HELO ${long}`);
  assert.match(await submit(client, `Message-ID: <${long.slice(0, 900)}>\r\n${MESSAGE}`), /^(250|503)/);
  await lineOf(relay, 'helo refused');
  for (const line of [...relay.logged.map(({ fields }) => fields), ...relay.decisions, ...relay.events])
    assert.ok(JSON.stringify(line).length < 3000, JSON.stringify(line).slice(0, 500));
});

test('every session event in the log is a documented one', async () => {
  assert.equal(new Set(SESSION_EVENTS).size, SESSION_EVENTS.length);
  for (const event of SESSION_EVENTS) assert.match(event, /^[a-z ]+$/);
});

for (const [name, ends, reason] of [
  ['RSET', async (client: SmtpClient) => void (await client.ask('RSET')), 'the client said RSET'],
  ['a second EHLO', async (client: SmtpClient) => void (await client.ask('EHLO again.example.org')), 'the client said EHLO'],
  ['QUIT', async (client: SmtpClient) => void (await client.ask('QUIT')), 'the client said QUIT'],
  ['a connection that breaks off', async (client: SmtpClient) => client.destroy(), 'the connection ended before the message did'],
  [
    'a connection that breaks off in the message',
    async (client: SmtpClient) => {
      await client.ask('DATA');
      client.raw('Subject: half\r\n');
      client.destroy();
    },
    'the connection ended before the message did',
  ],
  [
    'a connection that breaks off between chunks',
    async (client: SmtpClient) => {
      await client.ask('BDAT 4\r\nA: b');
      client.destroy();
    },
    'the connection ended before the message did',
  ],
] as const)
  test(`abandoned recipients are in both logs: ${name}`, async (t) => {
    const relay = await testRelay(t);
    const client = await introduced(relay);
    await client.dialogue('MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
    await ends(client);
    const line = await lineOf(relay, 'message abandoned');
    assert.deepEqual(pick(line, 'sender', 'recipients', 'reason'), ['a@example.org', ['b@example.com'], reason]);
    assert.equal(relay.events.filter(({ event }) => event === 'message abandoned').length, 1);
  });

test('an answered message or a transaction without recipients is not logged as abandoned', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await submit(client, MESSAGE);
  await client.dialogue('MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.net>', 'RSET', 'QUIT');
  await poll(() => relay.events.find(({ event }) => event === 'queued'));
  assert.equal(
    relay.events.some(({ event }) => event === 'message abandoned'),
    false,
  );
});
