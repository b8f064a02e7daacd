import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { selfSigned } from '../kit/certificate.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { contentText, introduced, OPEN_DOMAIN, submit, testRelay } from './relay.ts';

const context = createSecureContext({ ...selfSigned('relay.example.net'), minVersion: 'TLSv1.2' });
const STARTTLS = { tls: () => context, listener: { tls: 'starttls' } } as const;

test('without a certificate STARTTLS is neither offered nor done', async (t) => {
  const client = await introduced(await testRelay(t, { listener: { tls: 'starttls' } }));
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('STARTTLS'));
  assert.equal((await client.ask('STARTTLS')).text, '454 4.7.0 TLS not available');
  const none = await introduced(await testRelay(t, { tls: () => context }));
  assert.equal((await none.ask('STARTTLS')).text, '502 5.5.1 Command not implemented');
});

test('STARTTLS is offered once, and clears earlier state', async (t) => {
  const relay = await testRelay(t, STARTTLS);
  const client = await introduced(relay);
  assert.ok((await client.ask('EHLO x.example')).lines.includes('STARTTLS'));
  await client.ask('MAIL FROM:<a@b.example>');
  assert.equal((await client.ask('STARTTLS')).text, '220 2.0.0 Ready to start TLS');
  await client.startTls({ servername: 'relay.example.net' });
  assert.deepEqual(await client.dialogue('MAIL FROM:<a@b.example>', 'STARTTLS', 'EHLO x.example'), [
    '503 5.5.1 Say EHLO first',
    '503 5.5.1 Bad sequence of commands',
    '250 relay.example.net',
  ]);
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('STARTTLS'));
  assert.equal(await submit(client, 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  assert.match(contentText(relay.accepted[0]), /with ESMTPS id id1/);
});

test('the helo hook runs again after STARTTLS, with the facts of TLS', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: a, on: helo, when: { tls.active: true, tls.sni: relay.example.net, tls.version: TLSv1.3 }, then: { reject: "550 5.7.1 seen" } }
`;
  const client = await introduced(await testRelay(t, { policy, ...STARTTLS }));
  await client.ask('STARTTLS');
  await client.startTls({ servername: 'relay.example.net' });
  assert.equal((await client.ask('EHLO x.example')).text, '550 5.7.1 seen');
});

test('STARTTLS also clears what rules derived before it', async (t) => {
  const policy = `version: 1
grants:
  - { id: tagged, when: { tag: friend } }
  - { id: stated, when: { result.who: friend } }
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: early, on: connect, then: { tag: early, score: 1, set: { before: kept } } }
  - { id: friend, on: helo, when: { helo.name: friend.example }, then: { tag: friend, set: { who: friend, before: lost }, score: 5, skip: g } }
  - { id: doubt, on: helo, when: { tls.active: false, client.rdns: x.example }, then: { tag: doubted, set: { doubt: 1 } } }
  - { id: shown, on: rcpt, group: g, when: { recipient.local: shown }, then: { reject: "550 \${tag} \${score} \${result.before}\${result.doubt}" } }
`;
  const relay = await testRelay(t, { policy, ...STARTTLS });
  const client = await relay.connect();
  await client.reply();
  await client.dialogue('EHLO friend.example', 'STARTTLS');
  await client.startTls();
  const replies = await client.dialogue('EHLO x.example', 'MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'RCPT TO:<shown@example.com>');
  assert.deepEqual(replies.slice(2), ['550 5.7.1 Relay access denied', '550 5.7.1 early 1 kept']);
});

test('commands pipelined after STARTTLS are never executed', async (t) => {
  const relay = await testRelay(t, STARTTLS);
  const client = await introduced(relay);
  client.raw('STARTTLS\r\nEHLO injected.example\r\nMAIL FROM:<injected@x.example>\r\n');
  assert.equal((await client.reply()).code, 220);
  await client.startTls();
  assert.equal((await client.ask('RCPT TO:<a@example.com>')).text, '503 5.5.1 Bad sequence of commands');
  assert.equal((await client.ask('MAIL FROM:<a@x.example>')).text, '503 5.5.1 Say EHLO first');
  assert.equal(client.unread, '');
});

test('STARTTLS takes no argument, and a handshake that fails ends only its own session', async (t) => {
  const relay = await testRelay(t, STARTTLS);
  const client = await introduced(relay);
  assert.equal((await client.ask('STARTTLS now')).text, '501 5.5.4 Syntax error in arguments');
  await client.ask('STARTTLS');
  client.raw('this is no ClientHello\r\n\r\n\r\n');
  await client.over();
  assert.equal((await (await introduced(relay)).ask('NOOP')).code, 250);
});

test('an implicit listener speaks TLS from the first byte', async (t) => {
  const relay = await testRelay(t, { tls: () => context, listener: { tls: 'implicit' } });
  const client = await SmtpClient.connectTls(relay.address);
  t.after(() => client.destroy());
  assert.equal((await client.reply()).code, 220);
  assert.ok(!(await client.ask('EHLO x.example')).lines.includes('STARTTLS'));
  assert.equal(await submit(client, 'Subject: x\r\n\r\n'), '250 2.0.0 Ok: queued as id1');
  const plain = await SmtpClient.connect(relay.address);
  plain.raw('EHLO x.example\r\n');
  await plain.over();
});

test('an old version of TLS is refused', async (t) => {
  const client = await introduced(await testRelay(t, STARTTLS));
  await client.ask('STARTTLS');
  await assert.rejects(client.startTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
});

test("a client's certificate is a fact", async (t) => {
  const own = selfSigned('app.example.com');
  const fingerprint = new X509Certificate(own.cert).fingerprint256;
  const policy = `version: 1
grants:
  - { id: app, when: { tls.client_fingerprint: "${fingerprint}", tls.client_subject: { exists: false } } }
`;
  const relay = await testRelay(t, { policy, ...STARTTLS, asksClientCertificate: () => true });
  for (const [certificate, code] of [
    [own, '250'],
    [selfSigned('app.example.com'), '550'],
    [{}, '550'],
  ] as const) {
    const client = await introduced(relay);
    await client.ask('STARTTLS');
    await client.startTls(certificate);
    await client.dialogue('EHLO x.example', 'MAIL FROM:<>');
    assert.match((await client.ask('RCPT TO:<a@example.com>')).text, new RegExp(`^${code}`));
  }
});

test('a new certificate is used without a restart', async (t) => {
  const other = selfSigned('new.example.net');
  let current = context;
  const relay = await testRelay(t, { ...STARTTLS, tls: () => current });
  current = createSecureContext(other);
  const client = await introduced(relay);
  await client.ask('STARTTLS');
  await client.startTls();
  assert.equal(client.tls?.getPeerX509Certificate()?.fingerprint256, new X509Certificate(other.cert).fingerprint256);
});
