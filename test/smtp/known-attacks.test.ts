import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { authenticator, parseUsers } from '../../src/smtp/auth/users.ts';
import { selfSigned } from '../kit/certificate.ts';
import type { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { contentText, introduced, OPEN_DOMAIN, submit, type TestRelay, testRelay } from './relay.ts';

/*
 * Sequences that have broken mail servers: what each of them did there is in the name of its test.
 */

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const context = createSecureContext(selfSigned('relay.example.net'));
const withTls = { tls: () => context, listener: { tls: 'starttls' as const }, limits: { messageSize: 4_000_000 } };

/** In TLS, with a transaction that waits for its message. */
const inTls = async (relay: TestRelay): Promise<SmtpClient> => {
  const client = await introduced(relay);
  await client.ask('STARTTLS');
  await client.startTls();
  await client.dialogue('EHLO client.example.org', 'MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
  return client;
};

const LEAVINGS: Readonly<Record<string, (client: SmtpClient) => void>> = {
  'ends TLS': (client) => client.halfClose(),
  'resets the connection': (client) => client.destroy(),
};

for (const [what, leave] of Object.entries(LEAVINGS))
  for (const [within, command] of [
    ['a chunk', 'BDAT 2000000\r\n'],
    ['the last chunk', 'BDAT 2000000 LAST\r\n'],
  ] as const)
    test(`a client that ${what} in the middle of ${within} has sent nothing, and nothing is left of it`, async (t) => {
      const relay = await testRelay(t, withTls);
      const client = await inTls(relay);
      client.raw(`${command}Subject: half\r\n\r\n${'x'.repeat(1_000_000)}`);
      await until(async () => (await relay.files.left()).length > 0, 'the body to arrive');
      leave(client);
      await until(async () => (await relay.files.left()).length === 0 && relay.server.connections === 0, 'the session to end');
      assert.equal(relay.accepted.length, 0);
      assert.match(await submit(await introduced(relay), 'Subject: whole\r\n\r\n'), /^250 /);
      assert.equal(relay.logged.filter(({ level }) => level === 'error').length, 0);
    });

test('garbage instead of a TLS record within a chunk closes the session', async (t) => {
  const relay = await testRelay(t, withTls);
  const client = await introduced(relay);
  await client.ask('STARTTLS');
  const plain = client.socket;
  await client.startTls();
  await client.dialogue('EHLO client.example.org', 'MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
  client.raw('BDAT 1000 LAST\r\nSubject: half\r\n\r\n');
  await new Promise((resolve) => setImmediate(resolve));
  plain.write('x'.repeat(1_000));
  await client.over();
  assert.equal(relay.accepted.length, 0);
  assert.match(await submit(await introduced(relay), 'Subject: whole\r\n\r\n'), /^250 /);
});

test('BDAT with a lone dot or huge sizes does not block the relay', async (t) => {
  const relay = await testRelay(t);
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
  client.raw('BDAT 10\r\n.\r\n');
  assert.match(await submit(await introduced(relay), 'Subject: x\r\n\r\n'), /^250 /);
  client.raw('.\r\n.\r\n\r');
  assert.equal((await client.reply()).code, 250);
  client.destroy();
});

const SCRYPT = `$scrypt$ln=10,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Each let somebody in somewhere: an empty hash, one that cannot be read, a password in its place. */
const MALFORMED = [
  '',
  'x',
  '*',
  '!',
  '$scrypt$',
  '$scrypt$$$',
  '$scrypt$ln=10,r=8,p=1$$',
  SCRYPT.slice(0, -1),
  SCRYPT.slice(0, 30),
  SCRYPT.replace('ln=10', 'ln=0'),
  SCRYPT.replace('ln=10', 'ln=99'),
  SCRYPT.replace('r=8', 'r=0'),
  SCRYPT.replace('p=1', 'p=-1'),
  SCRYPT.replace('scrypt', 'SCRYPT'),
  '{PLAIN}secret',
  '$1$abc$def',
  '$2y$10$abcdefghijklmnopqrstuv',
  'secret',
];

test('a malformed password hash is rejected in the file, and would authenticate nobody', async (t) => {
  for (const hash of MALFORMED) assert.equal(parseUsers(`ann:${hash}`).faults.length, 1, hash);
  let hash = '';
  const check = authenticator(() => new Map([['ann', hash]]));
  const relay = await testRelay(t, {
    authenticate: check,
    plaintextAuth: () => true,
    listener: { auth: 'required' },
    limits: { errors: 1_000, authFailures: 1_000 },
  });
  for (hash of MALFORMED)
    for (const password of ['', 'secret', hash, '\ufffd']) {
      assert.equal(await check({ user: 'ann', password }), false, hash);
    }
  hash = '';
  const client = await introduced(relay);
  assert.equal((await client.ask(`AUTH PLAIN ${base64('\0ann\0')}`)).code, 535);
  assert.equal((await client.ask('MAIL FROM:<a@example.org>')).code, 530);
});

test('AUTH PLAIN with too few fields or another identity neither crashes nor authenticates', async (t) => {
  const relay = await testRelay(t, {
    authenticate: async () => true,
    plaintextAuth: () => true,
    listener: { auth: 'required' },
    limits: { errors: 100 },
  });
  const client = await introduced(relay);
  for (const text of ['', 'ann', 'ann\0', '\0', '\0\0', '\0\0x', '\0ann', 'root\0ann\0x', '\0ann\0x\0', '\0ann\0x\0y'])
    if (!client.isOver)
      assert.match((await client.ask(`AUTH PLAIN ${base64(text) || '='}`)).text, /^(?:501|535|421) /, JSON.stringify(text));
});

test('a cancelled AUTH mechanism leaves no state for the next', async (t) => {
  const tried: string[] = [];
  const relay = await testRelay(t, {
    authenticate: async ({ user, password }) => tried.push(`${user}:${password}`) < 0,
    plaintextAuth: () => true,
    listener: { auth: 'required' },
  });
  const client = await introduced(relay);
  await client.dialogue('AUTH LOGIN', base64('root'), '*', 'AUTH PLAIN', '*', `AUTH PLAIN ${base64('\0ann\0x')}`);
  assert.deepEqual(tried, ['ann:x']);
});

for (const code of ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EMFILE'])
  test(`a message whose queue file cannot be written (${code}) is not accepted, by DATA or by BDAT`, async (t) => {
    const relay = await testRelay(t, { accept: () => Promise.reject(Object.assign(new Error(code), { code })) });
    const client = await introduced(relay);
    assert.match(await submit(client, 'Subject: x\r\n\r\n'), /^45[12] 4\.3\.[01] /);
    await client.dialogue('MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
    client.raw('BDAT 14 LAST\r\nSubject: x\r\n\r\n');
    assert.match((await client.reply()).text, /^45[12] 4\.3\.[01] /);
  });

test('a body whose file fails in the middle is not accepted, by DATA or by BDAT', async (t) => {
  let left = 0;
  const files = (await testRelay(t)).files;
  const failing = {
    newBody: async () => {
      const sink = await files.newBody();
      return Object.assign(Object.create(sink), {
        append: async (bytes: Buffer) => {
          left -= bytes.length;
          if (left < 0) throw Object.assign(new Error('write failed'), { code: 'ENOSPC' });
          return sink.append(bytes);
        },
        finish: () => sink.finish(),
        discard: () => sink.discard(),
      });
    },
  };
  const relay = await testRelay(t, { bodies: failing });
  const body = `Subject: x\r\n\r\n${`${'y'.repeat(900)}\r\n`.repeat(400)}`;
  for (const room of [0, 100_000, 300_000]) {
    left = room;
    const client = await introduced(relay);
    assert.match(await submit(client, body.slice(0, -2)), /^45[12] 4\.3\.[01] /);
    left = room;
    await client.dialogue('MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.com>');
    client.raw(`BDAT ${body.length} LAST\r\n${body}`);
    assert.match((await client.reply()).text, /^45[12] 4\.3\.[01] /);
  }
  assert.equal(relay.accepted.length, 0);
});

test('addresses are never expanded or executed', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: echo, on: rcpt, when: { recipient.local: { contains: "$" } }, then: { reject: "550 5.7.1 \${recipient.address} \${helo.name}" } }
`;
  const relay = await testRelay(t, { policy, limits: { errors: 100 } });
  const client = await introduced(relay);
  assert.equal((await client.ask('MAIL FROM:<;sleep 66;>')).code, 501);
  assert.equal((await client.ask('MAIL FROM:<a@example.org>')).code, 250);
  const text = async (address: string): Promise<string> => (await client.ask(`RCPT TO:<${address}>`)).text;
  assert.equal(await text('${run{/bin/sh}}@example.com'), '550 5.7.1 ${run{/bin/sh}}@example.com client.example.org');
  assert.equal(await text('"${helo.name}"@example.com'), '550 5.7.1 ${helo.name}@example.com client.example.org');
});

test('line breaks in xtext never inject lines', async (t) => {
  const relay = await testRelay(t, { limits: { errors: 100 } });
  const client = await introduced(relay);
  for (const parameter of ['ENVID=a+0D+0Ab', 'ENVID=a+0', 'ENVID=a+GG', 'AUTH=a+0Ab', 'ENVID=a+00']) {
    const { code } = await client.ask(`MAIL FROM:<a@example.org> ${parameter}`);
    if (code === 250) {
      assert.match(await submit(await introduced(relay), 'Subject: x\r\n\r\n'), /^250 /);
      await client.ask('RSET');
    } else assert.ok(code >= 500, parameter);
  }
  for (const { envelope } of relay.accepted) assert.doesNotMatch(JSON.stringify(envelope), /\\[rn]|\\u0000/);
});

test('nonstandard end-of-data sequences do not smuggle a second message', async (t) => {
  for (const end of ['\n.\n', '\r.\r', '\n.\r\n', '\r\n.\n', '\r\n.\r', '\r.\r\n', '\r\n\0.\r\n', '\r\n.\0\r\n']) {
    const relay = await testRelay(t);
    const client = await introduced(relay);
    const smuggled = 'MAIL FROM:<evil@example.org>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\n';
    const said = await submit(client, `Subject: outer\r\n\r\nx${end}${smuggled}`);
    assert.ok(relay.accepted.length <= 1, JSON.stringify(end));
    assert.match(said, /^(?:250|550|501|500) /);
    for (const one of relay.accepted) assert.match(contentText(one), /Subject: outer/);
  }
});
