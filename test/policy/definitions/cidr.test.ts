import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { formatIp, parseIp, parsePrefix } from '../../../src/policy/ip.ts';
import { cidr } from '../../../src/policy/lists/cidr.ts';
import { runs } from '../../kit/thorough.ts';

/** Bits as text, by another way than the code under test: every group written out in binary. */
const bits4 = (octets: readonly number[]): string => octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
const bits6 = (groups: readonly number[]): string => groups.map((group) => group.toString(2).padStart(16, '0')).join('');
const text6 = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':');

const octet = fc.constantFrom(0, 1, 127, 128, 192, 255);
const group = fc.constantFrom(0, 1, 0x7fff, 0x8000, 0x2001, 0xffff);
const ipv4 = fc.tuple(octet, octet, octet, octet);
const ipv6 = fc
  .tuple(group, group, group, group, group, group, group, group)
  .filter((all) => !(all.slice(0, 5).every((one) => one === 0) && all[5] === 0xffff));

suite('networks', () => {
  test('IPv4 agrees with a comparison of bits', () => {
    const network = fc.tuple(ipv4, fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(fc.array(network, { maxLength: 6 }), ipv4, (networks, address) => {
        const { membership, faults } = cidr.compile(networks.map(([octets, length]) => `${octets.join('.')}/${length}`));
        const expected = networks.some(([octets, length]) => bits4(octets).slice(0, length) === bits4(address).slice(0, length));
        assert.deepEqual(faults, []);
        assert.equal(membership.has(address.join('.')), expected);
        assert.equal(membership.has(`::ffff:${address.join('.')}`), expected);
      }),
      { numRuns: runs(500) },
    );
  });

  test('IPv6 agrees with a comparison of bits', () => {
    const network = fc.tuple(ipv6, fc.integer({ min: 0, max: 128 }));
    fc.assert(
      fc.property(fc.array(network, { maxLength: 6 }), ipv6, (networks, address) => {
        const { membership } = cidr.compile(networks.map(([groups, length]) => `${text6(groups)}/${length}`));
        const expected = networks.some(([groups, length]) => bits6(groups).slice(0, length) === bits6(address).slice(0, length));
        assert.equal(membership.has(text6(address)), expected);
      }),
      { numRuns: runs(500) },
    );
  });

  test('::/0 does not match IPv4, nor 0.0.0.0/0 IPv6', () => {
    assert.ok(!cidr.compile(['::/0']).membership.has('192.0.2.1'));
    assert.ok(!cidr.compile(['0.0.0.0/0']).membership.has('2001:db8::1'));
  });

  test('an IPv4-mapped prefix is an IPv4 prefix', () => {
    assert.deepEqual(parsePrefix('::ffff:10.0.0.0/104'), parsePrefix('10.0.0.0/8'));
  });

  test('every spelling of an address is equivalent', () => {
    for (const spelling of ['2001:db8:0:0:0:0:0:1', '2001:DB8::1', '2001:db8::0.0.0.1', '2001:db8::1%eth0']) {
      const words = parseIp(spelling);
      assert.equal(words && formatIp(words), '2001:db8::1');
    }
    for (const wrong of ['', '1.2.3', '1.2.3.256', '2001:db8', 'example.com', '01.2.3.4']) assert.equal(parseIp(wrong), null, wrong);
  });

  test('formatting and reading are inverse', () => {
    fc.assert(
      fc.property(ipv6, (groups) => {
        const words = parseIp(text6(groups));
        assert.ok(words);
        assert.deepEqual(parseIp(formatIp(words)), words);
      }),
    );
  });
});
