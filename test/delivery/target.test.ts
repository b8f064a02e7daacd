import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destinationKey, parseTarget } from '../../src/delivery/target.ts';

const forms = {
  mx: { kind: 'mx' },
  'discard:': { kind: 'discard' },
  'maildir:var/mail': { kind: 'maildir', path: 'var/mail' },
  'maildir:/var/mail/x': { kind: 'maildir', path: '/var/mail/x' },
  'lmtp+unix:/run/lmtp': { kind: 'socket', path: '/run/lmtp' },
  'smtp://10.1.0.5:2525': { kind: 'host', protocol: 'smtp', host: '10.1.0.5', port: 2525 },
  'smtp://Mail.Example.com': { kind: 'host', protocol: 'smtp', host: 'mail.example.com', port: 25 },
  'smtps://mail.example.com/': { kind: 'host', protocol: 'smtps', host: 'mail.example.com', port: 465 },
  'lmtp://[2001:db8::1]:24': { kind: 'host', protocol: 'lmtp', host: '2001:db8::1', port: 24 },
};

for (const [to, target] of Object.entries(forms)) test(`a route leads to ${to}`, () => assert.deepEqual(parseTarget(to), target));

for (const to of [
  '',
  'smtp:/x',
  'smtp://',
  'smtp://a:0',
  'smtp://a:70000',
  'smtp://a b',
  'smtp://u@h:25/x',
  'http://a',
  'maildir:',
  'maildir:../x',
  'MX',
])
  test(`a route does not lead to ${JSON.stringify(to)}`, () => assert.equal(parseTarget(to), null));

test('only compatible deliveries share a connection', () => {
  const route = { id: 'r', to: 'smtp://h:25' };
  const keys = [
    route,
    { ...route, tls: 'verify' as const },
    { ...route, sourceIp: '192.0.2.1' },
    { ...route, auth: { user: 'u', passwordFile: 'f' } },
    { ...route, helo: 'x' },
  ];
  assert.equal(new Set(keys.map((one) => destinationKey(one, ''))).size, 5);
  assert.equal(destinationKey({ ...route, id: 'other', concurrency: 3 }, ''), destinationKey(route, ''));
  assert.notEqual(destinationKey({ id: 'r', to: 'mx' }, 'a.test'), destinationKey({ id: 'r', to: 'mx' }, 'b.test'));
});
