import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { selfSigned } from '../kit/certificate.ts';
import { contentText, introduced, OPEN_DOMAIN, submit, type TestRelay, type TestRelayOptions, testRelay } from './relay.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PLAIN = `AUTH PLAIN ${base64('\0ann\0secret')}`;

const withUsers = (t: TestContext, options: TestRelayOptions = {}): Promise<TestRelay> =>
  testRelay(t, {
    authenticate: async ({ user, password }) => user === 'ann' && password === 'secret',
    plaintextAuth: () => true,
    ...options,
    listener: { auth: 'required', ...options.listener },
  });

test('AUTH is offered, can be required, and satisfies a grant', async (t) => {
  const relay = await withUsers(t);
  const client = await introduced(relay);
  assert.ok((await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  assert.equal((await client.ask('MAIL FROM:<a@b.example>')).text, '530 5.7.0 Authentication required');
  assert.equal((await client.ask(PLAIN)).text, '235 2.7.0 Authentication successful');
  assert.equal((await client.ask(PLAIN)).text, '503 5.5.1 Bad sequence of commands');
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  assert.equal(await submit(client, 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  assert.match(contentText(relay.accepted[0]), /with ESMTPA id/);
  assert.equal(relay.accepted[0]?.origin.facts['auth.user'], 'ann');
});

test('a refused login undoes what rules set for it, except the score', async (t) => {
  const policy = `version: 1
grants:
  - { id: tagged, when: { tag: member } }
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: known, on: auth, when: { auth.user: ann }, then: { tag: member, set: { who: ann }, score: 3 } }
  - { id: closed, on: auth, when: { auth.user: ann }, then: { reject: "535 5.7.8 not now" } }
  - { id: shown, on: rcpt, when: { recipient.local: shown }, then: { reject: "550 [\${tag}\${result.who}] \${score}" } }
`;
  const relay = await withUsers(t, { policy, listener: { auth: 'optional' } });
  const client = await introduced(relay);
  const replies = await client.dialogue(PLAIN, 'MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'RCPT TO:<shown@example.com>');
  assert.deepEqual(replies, ['535 5.7.8 not now', '250 2.1.0 Sender ok', '550 5.7.1 Relay access denied', '550 5.7.1 [] 3']);
});

test('LOGIN and PLAIN, step by step', async (t) => {
  const relay = await withUsers(t);
  assert.deepEqual(await (await introduced(relay)).dialogue('AUTH LOGIN', base64('ann'), base64('secret')), [
    '334 VXNlcm5hbWU6',
    '334 UGFzc3dvcmQ6',
    '235 2.7.0 Authentication successful',
  ]);
  assert.deepEqual(await (await introduced(relay)).dialogue(`auth login ${base64('ann')}`, base64('secret')), [
    '334 UGFzc3dvcmQ6',
    '235 2.7.0 Authentication successful',
  ]);
  assert.deepEqual(await (await introduced(relay)).dialogue('AUTH PLAIN', base64('ann\0ann\0secret')), [
    '334 ',
    '235 2.7.0 Authentication successful',
  ]);
});

test('a malformed or cancelled AUTH exchange is refused', async (t) => {
  const client = await introduced(await withUsers(t, { limits: { errors: 100 } }));
  assert.deepEqual(
    await client.dialogue(
      'AUTH',
      'AUTH CRAM-MD5',
      'AUTH PLAIN !!!',
      `AUTH PLAIN ${base64('ann\0secret')}`,
      `AUTH PLAIN ${base64('\0ann\0secret\0')}`,
      'AUTH PLAIN =',
      `AUTH PLAIN ${base64('\0a\nb\0c')}`,
      'AUTH LOGIN',
      '*',
      'AUTH LOGIN',
      'MAIL FROM:<a@b.example>',
      'NOOP',
    ),
    [
      '504 5.5.4 Authentication mechanism not supported',
      '504 5.5.4 Authentication mechanism not supported',
      '501 5.5.2 Cannot decode the response',
      '501 5.5.2 Cannot decode the response',
      '501 5.5.2 Cannot decode the response',
      '501 5.5.2 Cannot decode the response',
      '501 5.5.2 Cannot decode the response',
      '334 VXNlcm5hbWU6',
      '501 5.7.0 Authentication aborted',
      '334 VXNlcm5hbWU6',
      '501 5.5.2 Cannot decode the response',
      '250 2.0.0 Ok',
    ],
  );
});

test('an authorization identity of another user is refused like a wrong password', async (t) => {
  const relay = await withUsers(t, { limits: { errors: 100, authFailures: 100 } });
  const lines: string[] = [];
  for (const message of ['bob\0ann\0secret', 'bob\0ann\0wrong', 'ANN\0ann\0secret']) {
    const client = await introduced(relay);
    lines.push(...(await client.dialogue('AUTH PLAIN', base64(message), 'MAIL FROM:<>')));
  }
  assert.deepEqual([...new Set(lines)], ['334 ', '535 5.7.8 Authentication credentials invalid', '530 5.7.0 Authentication required']);
  const own = await introduced(relay);
  assert.deepEqual(await own.dialogue(`AUTH PLAIN ${base64('ann\0ann\0secret')}`), ['235 2.7.0 Authentication successful']);
});

test('a wrong password is 535, a little late, and counts as an error', async (t) => {
  const client = await introduced(await withUsers(t, { limits: { errors: 1 } }));
  const start = Date.now();
  assert.equal((await client.ask(`AUTH PLAIN ${base64('\0ann\0wrong')}`)).text, '535 5.7.8 Authentication credentials invalid');
  assert.ok(Date.now() - start >= 900);
  assert.equal((await client.ask(`AUTH PLAIN ${base64('\0ann\0wrong')}`)).text, '421 4.7.0 Too many errors');
  await client.over();
});

test('a failing password check is 454 and authenticates nobody', async (t) => {
  const client = await introduced(await withUsers(t, { authenticate: () => Promise.reject(new Error('boom')) }));
  assert.equal((await client.ask(PLAIN)).text, '454 4.7.0 Temporary authentication failure');
  assert.equal((await client.ask('MAIL FROM:<>')).code, 530);
});

test('AUTH only under TLS, unless the listener says otherwise', async (t) => {
  const context = createSecureContext(selfSigned('relay.example.net'));
  const client = await introduced(await withUsers(t, { tls: () => context, plaintextAuth: () => false, listener: { tls: 'starttls' } }));
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  assert.equal((await client.ask(PLAIN)).text, '538 5.7.11 Encryption required, say STARTTLS first');
  await client.ask('STARTTLS');
  await client.startTls();
  assert.ok((await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  assert.equal((await client.ask(PLAIN)).code, 235);
});

test('the auth hook runs after the password check', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: a, on: auth, when: { auth.user: ann, auth.method: login }, then: { reject: "535 5.7.8 not this way" } }
`;
  const client = await introduced(await withUsers(t, { policy }));
  assert.deepEqual(await client.dialogue('AUTH LOGIN', base64('ann'), base64('secret'), 'MAIL FROM:<>', PLAIN, 'MAIL FROM:<>'), [
    '334 VXNlcm5hbWU6',
    '334 UGFzc3dvcmQ6',
    '535 5.7.8 not this way',
    '530 5.7.0 Authentication required',
    '235 2.7.0 Authentication successful',
    '250 2.1.0 Sender ok',
  ]);
});

test('passwords are never logged', async (t) => {
  const relay = await withUsers(t);
  const client = await introduced(relay);
  assert.equal((await client.ask(`AUTH PLAIN ${base64('\0ann\0wrong')}`)).code, 535);
  assert.equal((await client.ask(base64('wrong'))).code, 500);
  assert.equal((await client.ask(`AUTH PLAIN wrong!`)).code, 501);
  assert.deepEqual(await client.dialogue('AUTH LOGIN', base64('ann')), ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6']);
  client.raw(`${base64('wrong')}\n`);
  assert.equal((await client.reply()).code, 500);
  assert.equal((await client.ask(PLAIN)).code, 235);
  assert.equal((await client.ask(PLAIN)).code, 503);
  assert.ok(relay.events.length >= 4);
  assert.doesNotMatch(JSON.stringify([relay.logged, relay.decisions, relay.events]), /secret|c2VjcmV0|wrong|d3Jvbmc|AGFubgB/);
});

test('a wrong password is in the log with the address it came from', async (t) => {
  const relay = await withUsers(t);
  assert.equal((await (await introduced(relay)).ask(`AUTH PLAIN ${base64('\0ann\0wrong')}`)).code, 535);
  const line = relay.logged.find(({ text }) => text === 'authentication failed');
  assert.ok(line);
  const { client, attemptedLogin, login, code, reason } = Object.assign(
    { client: '', attemptedLogin: '', login: '', code: 0, reason: '' },
    line.fields,
  );
  assert.deepEqual([client, attemptedLogin, login, code, reason], ['127.0.0.1', 'ann', undefined, 535, 'invalid credentials (PLAIN)']);
});

test('whether AUTH needs TLS is evaluated each time, so a reload applies', async (t) => {
  let plaintext = true;
  const client = await introduced(await withUsers(t, { plaintextAuth: () => plaintext }));
  assert.ok((await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  plaintext = false;
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('AUTH PLAIN LOGIN'));
  assert.equal((await client.ask(PLAIN)).code, 538);
});

test('the third failed login closes the session, however it fails', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: a, on: auth, when: { auth.user: ann, auth.method: login }, then: { reject: "535 5.7.8 not this way" } }
`;
  const client = await introduced(await withUsers(t, { policy, limits: { errors: 100 } }));
  const wrong = `AUTH PLAIN ${base64('\0bob\0wrong')}`;
  const replies = await client.dialogue('AUTH LOGIN', base64('ann'), base64('secret'), wrong, 'RSET', 'EHLO again.example', wrong);
  assert.deepEqual(
    replies.map((reply) => reply.slice(0, 9)),
    ['334 VXNlc', '334 UGFzc', '535 5.7.8', '535 5.7.8', '250 2.0.0', '250 relay', '421 4.7.0'],
  );
  await client.over();
});
