import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MessageContents } from '../../src/policy/services.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { lookupsWith } from '../kit/lookups.ts';

const content: MessageContents = { text: async () => null, html: async () => null, attachments: async () => [] };
const zen = { zone: 'zen.example.org', codes: { sbl: '127.0.0.2', xbl: '127.0.0.4-127.0.0.7', pbl: ['127.0.0.10', '127.0.0.11'] } };

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({
    '1.2.0.192.in-addr.arpa': { PTR: ['MX.Example.com', 'evil\r\n250 ok.example', 'sp ace.example', '_srv.example.com'] },
    '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa': { PTR: ['six.example.com'] },
    'both.example': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
    'null.example': { MX: [[0, '.']] },
    'order.example': {
      MX: [
        [20, 'B.example'],
        [10, 'a.example'],
        [5, 'bad name.example'],
      ],
    },
    'bad.example': { MX: [[10, 'bad name.example']] },
    '1.2.0.192.zen.example.org': { A: ['127.0.0.2', '127.0.0.5'] },
    '2.2.0.192.zen.example.org': { A: ['127.255.255.254'] },
    '3.2.0.192.zen.example.org': { A: ['127.0.0.99'] },
    '4.2.0.192.zen.example.org': { A: ['203.0.113.80'] },
    '5.2.0.192.zen.example.org': { always: 'SERVFAIL' },
    '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.example.org': { A: ['127.0.0.11'] },
  });
});
after(() => server.close());

const services = () =>
  lookupsWith({
    dns: { servers: [server.address], timeout: 300 },
    dnsbl: { zen: { ...zen, errors: '127.255.255.0/24' } },
  }).forTransaction({ message: () => null, content });
const signal = (): AbortSignal => AbortSignal.timeout(600_000);
const listed = (ip: string) => services().blocklists.check('zen', ip, signal());

test('PTR look-ups work for both families and skip invalid host names', async () => {
  assert.deepEqual(await services().dns.reverse('192.0.2.1', signal()), ['mx.example.com', '_srv.example.com']);
  assert.deepEqual(await services().dns.reverse('::ffff:192.0.2.1', signal()), ['mx.example.com', '_srv.example.com']);
  assert.deepEqual(await services().dns.reverse('2001:db8::1', signal()), ['six.example.com']);
  assert.deepEqual(await services().dns.reverse('192.0.2.9', signal()), []);
});

test('address look-ups return both families', async () => {
  assert.deepEqual(await services().dns.addresses('both.example', signal()), ['192.0.2.1', '2001:db8::1']);
});

test('MX by preference, null MX, and records without a host name', async () => {
  assert.deepEqual(await services().dns.mx('order.example', signal()), [
    { preference: 10, exchange: 'a.example' },
    { preference: 20, exchange: 'b.example' },
  ]);
  assert.deepEqual(await services().dns.mx('null.example', signal()), [{ preference: 0, exchange: '' }]);
  assert.deepEqual(await services().dns.mx('both.example', signal()), []);
  await assert.rejects(services().dns.mx('bad.example', signal()), /^LookupFailure: malformed answer: MX bad\.example/);
});

test('a DNS list: several codes, ranges, IPv6, not listed', async () => {
  assert.deepEqual(await listed('192.0.2.1'), ['sbl', 'xbl']);
  assert.deepEqual(await listed('2001:db8::1'), ['pbl']);
  assert.deepEqual(await listed('192.0.2.3'), ['other']);
  assert.deepEqual(await listed('192.0.2.77'), []);
});

test('an error code, an unexpected address or no answer from a DNS list is not a listing', async () => {
  await assert.rejects(listed('192.0.2.2'), /blocklist error: zen\.example\.org answered 127\.255\.255\.254/);
  await assert.rejects(listed('192.0.2.4'), /blocklist error/);
  await assert.rejects(listed('192.0.2.5'), /server failure/);
  await assert.rejects(
    services().blocklists.check('unheard-of', '192.0.2.1', signal()),
    /^LookupFailure: not configured: dnsbl.unheard-of/,
  );
});

test('rejects a code that is not an address when the lists are opened', () => {
  assert.throws(
    () => lookupsWith({ dns: { servers: [], timeout: 1 }, dnsbl: { x: { zone: 'x.example', codes: { a: 'listed' } } } }),
    TypeError,
  );
});
