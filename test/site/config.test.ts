import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { isLoopback, readAddress, writeAddress } from '../../src/site/config/address.ts';
import { readConfig } from '../../src/site/config/read.ts';
import { type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const read = async (text: string) => {
  const site = await tempSite({ 'config/relay.yaml': text });
  sites.push(site);
  return { ...readConfig(site.config), root: site.root };
};

const SMALLEST = 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\n';

test('all keys but version and listeners have defaults', async () => {
  const { config, root } = await read(SMALLEST);
  assert.ok(config);
  assert.deepEqual(config.policies, ['rules/*.yaml']);
  assert.equal(config.queue.path, `${root}/var/queue`);
  assert.equal(config.limits.messageSize, 25 * 1024 * 1024);
  assert.equal(config.limits.hook, 30_000);
  assert.deepEqual(config.delivery.retry, [60_000, 300_000, 900_000, 3_600_000, 14_400_000]);
  assert.equal(config.admin, null);
  assert.deepEqual(config.listeners[0], {
    name: 'mx',
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    auth: 'none',
    tls: 'none',
    addMissingHeaders: false,
  });
});

test('a section that is given in part keeps the defaults of the rest', async () => {
  const { config } = await read(`${SMALLEST}limits: { idle: 1m }\n`);
  assert.equal(config?.limits.idle, 60_000);
  assert.equal(config?.limits.recipients, 1000);
});

test('listeners offer TLS and AUTH once they are configured', async () => {
  const { config } = await read(`${SMALLEST}tls: { cert: config/relay.yaml, key: config/relay.yaml }\nauth: { users: config/users }\n`);
  assert.equal(config?.listeners[0]?.tls, 'starttls');
  assert.equal(config?.listeners[0]?.auth, 'optional');
});

const FAULTS: readonly (readonly [string, string, string, string])[] = [
  ['an unknown key', `${SMALLEST}limit: { idle: 1m }\n`, 'RLY1101', '3:1'],
  ['a wrong unit', `${SMALLEST}limits: { idle: 5 parsecs }\n`, 'RLY1105', '3:17'],
  ['no listeners', 'version: 1\n', 'RLY1102', '1:1'],
  ['no address', 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1" }]\n', 'RLY5004', '2:34'],
  ['a port too high', 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:70000" }]\n', 'RLY5004', '2:34'],
  [
    'a name twice',
    'version: 1\nlisteners:\n  - { name: mx, address: "127.0.0.1:0" }\n  - { name: mx, address: "127.0.0.1:0" }\n',
    'RLY5004',
    '4:13',
  ],
  [
    'an address twice',
    'version: 1\nlisteners:\n  - { name: a, address: "127.0.0.1:25" }\n  - { name: b, address: "127.0.0.1:25" }\n',
    'RLY5004',
    '4:25',
  ],
  ['STARTTLS without a certificate', 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0", tls: starttls }]\n', 'RLY5005', '2:54'],
  ['AUTH without users', 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0", auth: required }]\n', 'RLY5004', '2:55'],
  ['admin pages for everybody', `${SMALLEST}admin: { address: "0.0.0.0:8025" }\n`, 'RLY5001', '3:19'],
  ['retries after the end of life', `${SMALLEST}delivery: { retry: [6d], lifetime: 5d }\n`, 'RLY5001', '3:21'],
  ['a proxy that is no network', `${SMALLEST}proxy_protocol: { from: [192.0.2.0/28, lb.example.net] }\n`, 'RLY5001', '3:40'],
  [
    'a DNS list answer that is no range',
    `${SMALLEST}dnsbl: { x: { zone: x.example, codes: { a: [127.0.0.2, listed] } } }\n`,
    'RLY5001',
    '3:56',
  ],
  ['DNS list errors that are no range', `${SMALLEST}dnsbl: { x: { zone: x.example, errors: 127.0.0.9-127.0.0.1 } }\n`, 'RLY5001', '3:40'],
  ['a name server by name', `${SMALLEST}dns: { servers: ["dns.example.net:53"] }\n`, 'RLY5001', '3:18'],
  ['a queue outside the site', `${SMALLEST}queue: { path: ../queue }\n`, 'RLY5001', '3:16'],
  ['a decision log outside the site', `${SMALLEST}log: { decisions: var/../../log }\n`, 'RLY5001', '3:19'],
  ['users outside the site', `${SMALLEST}auth: { users: ../users }\n`, 'RLY5001', '3:16'],
  ['a socket outside the site', 'version: 1\nlisteners: [{ name: mx, address: "unix:../mx.sock" }]\n', 'RLY5001', '2:34'],
  ['no time at all between retries', `${SMALLEST}delivery: { retry: [] }\n`, 'RLY1106', '3:20'],
];

for (const [what, text, code, place] of FAULTS)
  test(`${what} is rejected with its position`, async () => {
    const { config, diagnostics } = await read(text);
    const [first] = diagnostics;
    assert.equal(config, null);
    assert.ok(first);
    assert.equal(`${first.code} ${first.at.line}:${first.at.column}`, `${code} ${place}`, first.message);
  });

test('public admin pages can be enabled explicitly', async () => {
  const { config } = await read(`${SMALLEST}admin: { address: "0.0.0.0:8025", open: true }\n`);
  assert.deepEqual(config?.admin?.address, { kind: 'tcp', host: '0.0.0.0', port: 8025 });
});

test('an absolute path may be outside the site', async () => {
  const { config } = await read(`${SMALLEST}queue: { path: /var/spool/relayctl }\nadmin: { address: "unix:/run/relay.sock" }\n`);
  assert.equal(config?.queue.path, '/var/spool/relayctl');
});

test('a missing file is a diagnostic, not a crash', () => {
  const { config, diagnostics } = readConfig('/nonexistent/config/relay.yaml');
  assert.equal(config, null);
  assert.equal(diagnostics[0]?.code, 'RLY1001');
});

test('listen addresses round-trip', () => {
  for (const text of ['127.0.0.1:25', '[::1]:2525', 'localhost:0', 'unix:/run/relay.sock'])
    assert.equal(writeAddress(readAddress(text) ?? assert.fail(text)), text);
  for (const text of ['', ':25', '127.0.0.1', '[::1]', '300.0.0.1:25', '[zz::1]:25', '127.0.0.1:99999', 'unix:'])
    assert.equal(readAddress(text), null, text);
});

test('only loopback addresses count as loopback', () => {
  const loops = (text: string) => isLoopback(readAddress(text) ?? assert.fail(text));
  assert.deepEqual(['127.9.9.9:1', '[::1]:1', 'unix:/x', 'localhost:1'].map(loops), [true, true, true, true]);
  assert.deepEqual(['0.0.0.0:1', '[::]:1', '192.0.2.1:1', 'relay.example.com:1'].map(loops), [false, false, false, false]);
});
