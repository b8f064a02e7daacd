import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownAddresses } from '../../src/site/relay/own-addresses.ts';

const listening = (host: string, port: number): ReturnType<typeof ownAddresses> =>
  ownAddresses({ listeners: [{ name: 'mx', address: { kind: 'tcp', host, port }, auth: 'none', addMissingHeaders: false, tls: 'none' }] });

const suspects = ['192.0.2.1', '127.0.0.1', '127.0.0.2', '0.0.0.0', '::', '::1', '::ffff:192.0.2.1', '2001:DB8:0::1'];

const own = (host: string, port: number): readonly string[] => suspects.filter((address) => listening(host, port).has(address));

test('an MX may point to any address except that of a listener on port 25', () => {
  assert.deepEqual(own('192.0.2.1', 25), ['192.0.2.1', '0.0.0.0', '::', '::ffff:192.0.2.1']);
  assert.deepEqual(own('192.0.2.1', 2525), ['0.0.0.0', '::']);
  assert.deepEqual(own('2001:db8::1', 25), ['0.0.0.0', '::', '2001:DB8:0::1']);
});

test('a relay that listens everywhere answers on all of the loopback', () => {
  for (const address of ['127.0.0.1', '127.0.0.2', '0.0.0.0', '::']) assert.ok(own('0.0.0.0', 25).includes(address), address);
  assert.ok(!own('0.0.0.0', 25).includes('192.0.2.1'));
});
