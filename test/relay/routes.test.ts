import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { selfSigned } from '../kit/certificate.ts';
import { found } from '../kit/until.ts';
import { type Arrivals, arrivals, fieldsOf, recipientsOf } from './arrivals.ts';
import { MESSAGE, submit } from './mail.ts';
import { type RelayFixture, relayFixture } from './site-fixture.ts';

const EVERYBODY = `version: 1
grants: [{ id: client, when: { client.ip: 127.0.0.1 } }]
rules: [{ id: sort, on: data_post, when: { header.x-sort: { exists: true } }, then: { set: { sort: "\${header.x-sort}" } } }]
`;

const emptied = ({ relay }: RelayFixture): Promise<true> =>
  found(async () => ((await relay.status()).queue.queued === 0 ? true : null), 'an empty queue');

test('recipients of one message with different routes are delivered apart', async (context) => {
  const lmtp = await arrivals({
    lmtp: true,
    script: (step, text) => (step === 'dot' && text.includes('full') ? '552 5.2.2 full' : undefined),
  });
  context.after(lmtp.close);
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-maildir-'));
  context.after(() => rm(folder, { recursive: true }));
  const fixture = await relayFixture(context, {
    policy: EVERYBODY,
    routes: (port) => `  - { id: files, when: { recipient.domain: files.test }, to: "maildir:${folder}" }
  - { id: own, when: { recipient.domain: own.test }, to: "maildir:var/mail" }
  - { id: nowhere, when: { recipient.domain: nowhere.test }, to: "discard:" }
  - { id: store, when: { recipient.domain: store.test }, to: "lmtp://127.0.0.1:${lmtp.port}" }
  - { id: sorted, when: { result.sort: special, recipient.domain: other.test }, to: "smtp://127.0.0.1:1" }
  - { id: hop, to: "smtp://127.0.0.1:${port}", tls: none }`,
  });

  const to = [
    'ann@files.test',
    'ann@own.test',
    'bob@nowhere.test',
    'carol@store.test',
    'full@store.test',
    'dave@other.test',
    'eve@other.test',
  ];
  assert.match(await submit(await fixture.connect(), { to }), /^250 /);
  await emptied(fixture);
  const relayed = fixture.hop.received.find(({ mail }) => mail.startsWith('MAIL FROM:<ann@'));
  assert.deepEqual(relayed && recipientsOf(relayed), ['dave@other.test', 'eve@other.test']);
  assert.deepEqual(
    lmtp.received.map((received) => recipientsOf(received)),
    [['carol@store.test', 'full@store.test']],
  );
  const notice = fixture.hop.received.find(({ mail }) => mail.startsWith('MAIL FROM:<>'));
  assert.deepEqual(notice?.content.toString().match(/^Final-Recipient: .*$/gm), ['Final-Recipient: rfc822; full@store.test']);
  for (const maildir of [folder, join(fixture.site.root, 'var/mail')]) {
    const [file = ''] = await readdir(join(maildir, 'new'));
    const kept = await readFile(join(maildir, 'new', file), 'utf8');
    assert.match(kept, /^Return-Path: <ann@example\.org>/);
    assert.ok(kept.replace(/\r?\n/g, '\r\n').endsWith(MESSAGE));
    assert.equal((await stat(join(maildir, 'new', file))).mode & 0o077, 0);
  }
});

test('a route can depend on results and tags of the transaction', async (context) => {
  const special = await arrivals();
  context.after(special.close);
  const fixture = await relayFixture(context, {
    policy: EVERYBODY,
    routes: (
      port,
    ) => `  - { id: special, when: { result.sort: special, grant: client, sender.domain: example.org }, to: "smtp://127.0.0.1:${special.port}", tls: none }
  - { id: hop, to: "smtp://127.0.0.1:${port}", tls: none }`,
  });

  const client = await fixture.connect();
  for (const sort of ['special', 'plain']) assert.match(await submit(client, { message: `X-Sort: ${sort}\r\n${MESSAGE}` }), /^250 /);
  const sorts = async (hop: Arrivals) => (await hop.arrived(1)).map(({ content }) => fieldsOf(content, 'X-Sort').join());
  assert.deepEqual([await sorts(special), await sorts(fixture.hop)], [['special'], ['plain']]);
});

test('required TLS defers if unavailable; opportunistic TLS continues without', async (context) => {
  const secure = await arrivals({ tls: selfSigned('localhost') });
  context.after(secure.close);
  const fixture = await relayFixture(context, {
    policy: EVERYBODY,
    config: 'delivery: { retry: [1h] }',
    hop: { script: (step) => (step === 'starttls' ? '502 5.5.1 no TLS here' : undefined) },
    routes: (port) => `  - { id: required, when: { recipient.local: required }, to: "smtp://127.0.0.1:${secure.port}", tls: required }
  - { id: verified, when: { recipient.local: verified }, to: "smtp://127.0.0.1:${secure.port}", tls: verify }
  - { id: in-vain, when: { recipient.local: in-vain }, to: "smtp://127.0.0.1:${port}", tls: required }
  - { id: hop, to: "smtp://127.0.0.1:${port}", tls: opportunistic }`,
  });

  const to = ['required', 'verified', 'in-vain', 'any'].map((local) => `${local}@example.com`);
  assert.match(await submit(await fixture.connect(), { to }), /^250 /);
  const [encrypted] = await secure.arrived(1);
  assert.deepEqual(encrypted && [encrypted.secure, recipientsOf(encrypted)], [true, ['required@example.com']]);
  const [plain] = await fixture.hop.arrived(1);
  assert.deepEqual(plain && [plain.secure, recipientsOf(plain)], [false, ['any@example.com']]);
  assert.equal((await fixture.relay.status()).queue.queued, 1);
  assert.equal(secure.received.length + fixture.hop.received.length, 2);
});

test('a next hop that requires AUTH gets the password from its file', async (context) => {
  const keys = selfSigned('localhost');
  const fixture = await relayFixture(context, {
    policy: EVERYBODY,
    hop: { tls: keys, offers: ['AUTH PLAIN', '8BITMIME'] },
    files: { 'config/password': 'secret\n' },
    routes: (port) =>
      `  - { id: hop, to: "smtp://127.0.0.1:${port}", tls: required, auth: { user: relay, password_file: config/password } }`,
  });
  assert.match(await submit(await fixture.connect()), /^250 /);
  await fixture.hop.arrived(1);
  const commands = fixture.hop.sessions.flatMap((session) => session.commands);
  assert.ok(commands.includes(`AUTH PLAIN ${Buffer.from('\0relay\0secret').toString('base64')}`), commands.join('\n'));
});
