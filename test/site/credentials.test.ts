import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addUser } from '../../src/site/files/add-user.ts';
import { selfSigned } from '../kit/certificate.ts';
import { type RunningRelay, runRelay, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';

const CONFIG = `version: 1
hostname: relay.example.com
listeners: [{ name: submission, address: "127.0.0.1:0", auth: required }]
tls: { cert: config/tls/cert.pem, key: config/tls/key.pem }
auth: { users: config/users }
`;

const POLICY = `version: 1
grants:
  - { id: users, when: { auth.user: { exists: true }, tls.active: true } }
routes:
  - { id: nowhere, to: "discard:" }
`;

const certificate = (name: string) => {
  const { cert, key } = selfSigned(name);
  return { 'config/tls/cert.pem': cert, 'config/tls/key.pem': key };
};

let site: TempSite;
let running: RunningRelay;
before(async () => {
  site = await tempSite({ 'config/relay.yaml': CONFIG, 'rules/10-users.yaml': POLICY, ...certificate('one.example.com') });
  await addUser(join(site.root, 'config/users'), 'ann', 'secret');
  running = await runRelay(site);
});
after(async () => {
  await running.relay.stop();
  await site.remove();
});

const secured = async (): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(running.address);
  await client.reply();
  await client.dialogue('EHLO client.example.net', 'STARTTLS');
  await client.startTls();
  await client.ask('EHLO client.example.net');
  return client;
};

const plain = (user: string, password: string): string => `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`;

test('users log in under TLS, and a grant can require it', async () => {
  const bare = await SmtpClient.connect(running.address);
  await bare.reply();
  const offered = await bare.ask('EHLO client.example.net');
  assert.ok(offered.lines.includes('STARTTLS'));
  assert.ok(!offered.lines.some((line) => line.startsWith('AUTH')));
  bare.destroy();
  const client = await secured();
  assert.match((await client.ask('MAIL FROM:<ann@example.com>')).text, /^530 5\.7\.0/);
  assert.match((await client.ask(plain('ann', 'wrong'))).text, /^535 5\.7\.8/);
  const replies = await client.dialogue(plain('ann', 'secret'), 'MAIL FROM:<ann@example.com>', 'RCPT TO:<x@example.org>');
  assert.deepEqual(
    replies.map((reply) => reply.slice(0, 3)),
    ['235', '250', '250'],
  );
  client.destroy();
});

test('a reload applies new users and certificates; invalid ones keep the old', async () => {
  await addUser(join(site.root, 'config/users'), 'bob', 'secret');
  await site.write(certificate('two.example.com'));
  assert.ok((await running.relay.reload()).taken);
  const client = await secured();
  assert.equal(client.tls?.getPeerCertificate().subject.CN, 'two.example.com');
  assert.match((await client.ask(plain('bob', 'secret'))).text, /^235 /);
  client.destroy();
  await site.write({ 'config/tls/cert.pem': 'no certificate' });
  assert.ok(!(await running.relay.reload()).taken);
  await site.write({ ...certificate('three.example.com'), 'config/users': 'ann:plain-text\n' });
  const refused = await running.relay.reload();
  assert.ok(!refused.taken);
  assert.match(refused.reason, /config\/users:1:1: RLY5007 config\/users, line 1: its hash is not one/);
  const still = await secured();
  assert.equal(still.tls?.getPeerCertificate().subject.CN, 'two.example.com');
  still.destroy();
});
