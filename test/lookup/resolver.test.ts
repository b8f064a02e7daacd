import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { LookupFailure } from '../../src/lookup/failure.ts';
import { Resolver } from '../../src/lookup/resolver.ts';
import { DnsServer } from '../kit/dns-server.ts';

let server: DnsServer;
let clock = 0;
beforeEach(async () => {
  clock = 1_000_000;
  server = await DnsServer.start({});
});
afterEach(() => server.close());

const signal = (): AbortSignal => AbortSignal.timeout(5000);
const resolver = (timeout = 400): Resolver => new Resolver({ servers: [server.address], timeout, now: () => clock });
const failsAs = (kind: string) => (error: unknown) => error instanceof LookupFailure && error.kind === kind;

/** A port on which nobody answers, and nobody else can listen. */
const silentPort = async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
};

test('each record type resolves, also through a CNAME', async () => {
  server.zone = {
    'example.com': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'], MX: [[10, 'mx.example.com']], TXT: [['two ', 'parts']] },
    'alias.example.com': { CNAME: 'example.com' },
  };
  const asked = resolver();
  assert.deepEqual((await asked.query('Example.COM.', 'A', signal())).values, ['192.0.2.1']);
  assert.deepEqual((await asked.query('alias.example.com', 'AAAA', signal())).values, ['2001:db8::1']);
  assert.deepEqual((await asked.query('example.com', 'MX', signal())).exchanges, [{ preference: 10, exchange: 'mx.example.com' }]);
  assert.deepEqual((await asked.query('example.com', 'TXT', signal())).values, ['two parts']);
});

test('NXDOMAIN and NODATA are answers', async () => {
  server.zone = { 'example.com': { A: ['192.0.2.1'] } };
  assert.equal((await resolver().query('none.example.com', 'A', signal())).status, 'no such name');
  assert.equal((await resolver().query('example.com', 'MX', signal())).status, 'no data');
});

test('each kind of failure is reported as such', async () => {
  server.zone = {
    'broken.example': { always: 'SERVFAIL' },
    'refused.example': { always: 'REFUSED' },
    'silent.example': { always: 'TIMEOUT' },
  };
  await assert.rejects(resolver().query('broken.example', 'A', signal()), failsAs('server failure'));
  await assert.rejects(resolver().query('refused.example', 'A', signal()), failsAs('refused'));
  await assert.rejects(resolver().query('silent.example', 'A', signal()), failsAs('time-out'));
});

test('a query times out on schedule after being sent twice', async () => {
  server.zone = { 'silent.example': { always: 'TIMEOUT' } };
  const started = performance.now();
  await assert.rejects(resolver(200).query('silent.example', 'A', signal()));
  const took = performance.now() - started;
  assert.ok(took >= 190 && took < 60_000, `${took} ms`);
  assert.equal(server.count('silent.example'), 2);
});

test('a slow server is waited for', async () => {
  server.zone = { 'slow.example': { A: ['192.0.2.1'], delay: 150 } };
  assert.deepEqual((await resolver(1000).query('slow.example', 'A', signal())).values, ['192.0.2.1']);
});

test('a truncated reply is fetched over TCP', async () => {
  server.zone = { 'big.example': { TXT: [Array(20).fill('x'.repeat(250))], truncate: true } };
  assert.equal((await resolver().query('big.example', 'TXT', signal())).values[0]?.length, 5000);
  assert.deepEqual(
    server.queries.map(({ over }) => over),
    ['udp', 'tcp'],
  );
});

test('the next server answers when the first is silent or fails', async () => {
  const silent = await silentPort();
  const failing = await DnsServer.start({ 'example.com': { always: 'SERVFAIL' } });
  server.zone = { 'example.com': { A: ['192.0.2.1'] } };
  for (const first of [silent.address, failing.address]) {
    const both = new Resolver({ servers: [first, server.address], timeout: 4_000 });
    assert.deepEqual((await both.query('example.com', 'A', signal())).values, ['192.0.2.1']);
  }
  silent.close();
  await failing.close();
});

test('an answer is kept for its time to live, to the millisecond', async () => {
  server.zone = { 'example.com': { A: ['192.0.2.1'], ttl: 30 } };
  const asked = resolver();
  await asked.query('example.com', 'A', signal());
  clock += 29_999;
  await asked.query('example.com', 'A', signal());
  assert.equal(server.count('example.com'), 1);
  clock += 1;
  await asked.query('example.com', 'A', signal());
  assert.equal(server.count('example.com'), 2);
});

test('an absence is kept for the minimum of its zone, a failure for one second', async () => {
  server.zone = { 'broken.example': { always: 'SERVFAIL' } };
  const asked = resolver();
  const ask = () => Promise.allSettled([asked.query('none.example', 'A', signal()), asked.query('broken.example', 'A', signal())]);
  await ask();
  await ask();
  assert.deepEqual([server.count('none.example'), server.count('broken.example')], [1, 1]);
  clock += 1000;
  await ask();
  assert.deepEqual([server.count('none.example'), server.count('broken.example')], [1, 2]);
  clock += 60_000;
  await ask();
  assert.deepEqual([server.count('none.example'), server.count('broken.example')], [2, 3]);
});

test('identical queries in flight are sent once, and cancelling one does not affect the others', async () => {
  server.zone = { 'slow.example': { A: ['192.0.2.1'], delay: 80 } };
  const asked = resolver(1000);
  const impatient = new AbortController();
  const given = asked.query('slow.example', 'A', impatient.signal);
  const waiting = Array.from({ length: 20 }, () => asked.query('slow.example', 'A', signal()));
  impatient.abort();
  await assert.rejects(given, failsAs('given up'));
  for (const answer of await Promise.all(waiting)) assert.deepEqual(answer.values, ['192.0.2.1']);
  assert.equal(server.count('slow.example'), 1);
});

test('a query that every caller cancelled is not cached as a failure', async () => {
  server.zone = { 'slow.example': { A: ['192.0.2.1'], delay: 50 } };
  const asked = resolver(1000);
  const impatient = new AbortController();
  const given = asked.query('slow.example', 'A', impatient.signal);
  impatient.abort();
  await assert.rejects(given);
  assert.deepEqual((await asked.query('slow.example', 'A', signal())).values, ['192.0.2.1']);
});

test('an invalid name is answered without a query', async () => {
  for (const name of ['', 'a..example', `${'a'.repeat(64)}.example`, 'a\r\nb.example', 'ü b.example', `${'abcdefgh.'.repeat(29)}example`])
    assert.equal((await resolver().query(name, 'A', signal())).status, 'no such name');
  assert.equal(server.queries.length, 0);
});

test('a U-label is asked for as its A-label', async () => {
  server.zone = { 'xn--bcher-kva.example': { A: ['192.0.2.1'] } };
  assert.deepEqual((await resolver().query('Bücher.example', 'A', signal())).values, ['192.0.2.1']);
});

test('an unreachable server is a failure, not a negative answer', async () => {
  const silent = await silentPort();
  silent.close();
  await assert.rejects(new Resolver({ servers: [silent.address], timeout: 200 }).query('example.com', 'A', signal()), LookupFailure);
});

test('a large answer is given and not kept', async () => {
  const large = { TXT: [Array(236).fill('x'.repeat(254))], ttl: 86_400 };
  server.zone = new Proxy({}, { get: () => large, has: () => true });
  const asked = resolver(5000);
  for (const name of ['a.example', 'a.example']) assert.equal((await asked.query(name, 'TXT', signal())).values[0]?.length, 59_944);
  assert.equal(server.count('a.example'), 2);
  assert.equal(asked.cachedBytes, 0);
});

test('the cache holds bytes, not entries', async () => {
  const half = { TXT: ['x'.repeat(250)], ttl: 86_400 };
  server.zone = new Proxy({}, { get: () => half, has: () => true });
  const asked = new Resolver({ servers: [server.address], timeout: 5000, cache: 100_000 });
  for (let index = 0; index < 400; index++) await asked.query(`n${index}.example`, 'TXT', signal());
  assert.ok(asked.cachedBytes > 90_000 && asked.cachedBytes <= 100_000, `${asked.cachedBytes}`);
  await asked.query('n399.example', 'TXT', signal());
  assert.equal(server.count('n399.example'), 1);
});
