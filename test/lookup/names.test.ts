import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { reversed, reverseName } from '../../src/lookup/ip.ts';
import { hostName, queryName } from '../../src/lookup/names.ts';

test('an IPv4-mapped address is the IPv4 address, however it is written', () => {
  for (const ip of ['::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1']) assert.equal(reversed(ip), '1.2.0.192');
  assert.equal(reversed('fe80::1%eth0'), reversed('fe80::1'));
});

test('reverse names', () => {
  assert.equal(reverseName('192.0.2.1'), '1.2.0.192.in-addr.arpa');
  assert.equal(reverseName('2001:db8::567:89ab'), 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa');
  assert.throws(() => reversed('example.com'));
});

test('every IPv6 address has 32 nibbles that read back as the address', () => {
  fc.assert(
    fc.property(fc.ipV6(), (ip) => {
      fc.pre(isIPv6(ip) && reversed(ip).length > 15);
      const nibbles = reversed(ip).split('.').reverse();
      assert.equal(nibbles.length, 32);
      const written = nibbles.join('').match(/.{4}/g)?.join(':') ?? '';
      assert.equal(new URL(`http://[${written}]`).host, new URL(`http://[${ip}]`).host);
    }),
  );
});

test('no name that is asked for or believed holds a control character or an over-long label, and none that is believed a blank', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.string({ unit: 'grapheme', maxLength: 300 })), (text) => {
      assert.doesNotMatch(hostName(text) ?? '', / /);
      for (const name of [queryName(text), hostName(text)]) {
        if (name === null) continue;
        assert.match(name, /^[\x20-\x7e]+$/);
        assert.ok(name.length <= 253 && name.split('.').every((label) => label.length >= 1 && label.length <= 63));
      }
    }),
  );
});
