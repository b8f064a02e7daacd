import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readProxyHeader } from '../../src/smtp/wire/proxy-header.ts';
import { testRelay } from './relay.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const V2_IPV4 = Buffer.from(`${SIGNATURE}2111000c${'c6336407'}${'c0000201'}${'3039'}${'0019'}`, 'hex');
const V2_IPV6 = Buffer.from(
  `${SIGNATURE}21210027${'20010db8000000000000000000000007'}${'20010db8000000000000000000000001'}30390019030000`,
  'hex',
);
const V2_UNSPECIFIED = Buffer.from(`${SIGNATURE}21000000`, 'hex');
const V2_LOCAL = Buffer.from(`${SIGNATURE}20000000`, 'hex');

test('reads version 1', () => {
  const read = (text: string) => readProxyHeader(Buffer.from(text));
  assert.deepEqual(read('PROXY TCP4 198.51.100.7 192.0.2.1 12345 25\r\nEHLO'), {
    kind: 'header',
    proxied: { client: { ip: '198.51.100.7', port: 12345 }, server: { ip: '192.0.2.1', port: 25 } },
    length: 44,
  });
  assert.equal(read('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n').kind, 'header');
  for (const text of ['', 'PRO', 'PROXY TCP4 198.51']) assert.equal(read(text).kind, 'incomplete', text);
  for (const text of [
    'EHLO x\r\n',
    'PROXY\r\n',
    'PROXY TCP4 198.51.100.7 192.0.2.1 12345\r\n',
    'PROXY TCP4 2001:db8::7 192.0.2.1 12345 25\r\n',
    'PROXY TCP4 198.51.100.7 192.0.2.1 99999 25\r\n',
    'PROXY TCP4 198.51.100.7 192.0.2.1 012 25\r\n',
    'PROXY TCP4 198.51.100.7 192.0.2.1 1 2 3\r\n',
    'PROXY TCP6 fe80::1%eth0 2001:db8::1 1 2\r\n',
    `PROXY TCP4 ${'1'.repeat(200)}`,
  ])
    assert.equal(read(text).kind, 'malformed', text);
});

test('reads version 2', () => {
  assert.deepEqual(readProxyHeader(V2_IPV4), {
    kind: 'header',
    proxied: { client: { ip: '198.51.100.7', port: 12345 }, server: { ip: '192.0.2.1', port: 25 } },
    length: 28,
  });
  const six = readProxyHeader(V2_IPV6);
  assert.ok(six.kind === 'header' && six.length === 55);
  assert.ok(six.proxied !== null && six.proxied !== 'unknown');
  assert.deepEqual(six.proxied.client, { ip: '2001:db8::7', port: 12345 });
  assert.deepEqual(readProxyHeader(V2_LOCAL), { kind: 'header', proxied: null, length: 16 });
  assert.equal(readProxyHeader(Buffer.from(`${SIGNATURE}11110000`, 'hex')).kind, 'malformed');
  assert.equal(readProxyHeader(Buffer.from(`${SIGNATURE}21110004c6336407`, 'hex')).kind, 'malformed');
});

test('any prefix of a header is incomplete, and no input throws', () => {
  for (const header of [V2_IPV4, V2_IPV6, V2_LOCAL])
    for (let length = 0; length < header.length; length++) assert.equal(readProxyHeader(header.subarray(0, length)).kind, 'incomplete');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => readProxyHeader(Buffer.from(bytes)).kind !== undefined));
});

const POLICY = `version: 1
grants:
  - { id: seven, when: { client.ip: [198.51.100.7, "2001:db8::7"], server.port: 25 } }
  - { id: self, when: { client.ip: 127.0.0.1 } }
`;

test('a trusted proxy sets the client address, and data after the header is kept', async (t) => {
  const relay = await testRelay(t, { policy: POLICY, trustsProxy: (ip) => ip === '127.0.0.1' });
  for (const [header, grant] of [
    [Buffer.from('PROXY TCP4 198.51.100.7 192.0.2.1 12345 25\r\n'), 'p/seven'],
    [V2_IPV4, 'p/seven'],
    [V2_IPV6, 'p/seven'],
    [V2_LOCAL, 'p/self'],
  ] as const) {
    const client = await relay.connect();
    client.raw(Buffer.concat([header, Buffer.from('EHLO x.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n')]));
    for (let i = 0; i < 5; i++) await client.reply();
    client.raw('.\r\n');
    await client.reply();
    assert.equal(relay.accepted.at(-1)?.recipients[0]?.grant, grant);
  }
});

test('PROXY UNKNOWN does not give the client the address of the proxy', async (t) => {
  const relay = await testRelay(t, {
    policy: `${POLICY}  - { id: near, when: { client.net: 127.0.0.0/24 } }
  - { id: others, when: { not: { client.ip: 198.51.100.7 } } }
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: ours, on: rcpt, when: { recipient.local: blocked, client.ip: { not_in: [198.51.100.7] } }, then: { reject: "550" } }
`,
    trustsProxy: (ip) => ip === '127.0.0.1',
  });
  for (const header of [Buffer.from('PROXY UNKNOWN\r\n'), Buffer.from('PROXY UNKNOWN 127.0.0.1 127.0.0.1 1 25\r\n'), V2_UNSPECIFIED]) {
    const client = await relay.connect();
    client.raw(header);
    await client.reply();
    const replies = await client.dialogue('EHLO x.example', 'MAIL FROM:<>', 'RCPT TO:<a@b.example>', 'RCPT TO:<blocked@example.com>');
    assert.match(replies[2] ?? '', /^451 4\.7\.1 /);
    assert.match(replies[3] ?? '', /^250 /);
    await client.ask('DATA');
    client.send('Subject: x', '', '.');
    assert.equal((await client.reply()).code, 250);
    assert.equal(relay.accepted.at(-1)?.recipients[0]?.grant, 'p/inbound');
    assert.deepEqual(Object.keys(relay.accepted.at(-1)?.origin.unknown?.facts ?? {}).sort(), [
      'client.ip',
      'client.port',
      'server.ip',
      'server.port',
    ]);
  }
});

test('an invalid or fragmented PROXY header is handled', async (t) => {
  const relay = await testRelay(t, { trustsProxy: () => true });
  const wrong = await relay.connect();
  wrong.send('EHLO x.example');
  await wrong.over();
  assert.equal(wrong.unread, '');
  const slow = await relay.connect();
  for (const byte of V2_IPV4) {
    slow.raw(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await slow.reply()).code, 220);
});

test('from anybody else a PROXY header is an unknown command', async (t) => {
  const client = await (await testRelay(t)).connect();
  client.send('PROXY TCP4 198.51.100.7 192.0.2.1 12345 25');
  assert.equal((await client.reply()).code, 220);
  assert.equal((await client.reply()).text, '500 5.5.2 Command not recognized');
});
