import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { parseTarget } from '../../../src/delivery/target.ts';
import { faultOf } from '../../../src/policy/lint/checks/route-target.ts';
import { runs } from '../../kit/thorough.ts';

it('lint and delivery agree on what a target is', () => {
  const scheme = fc.constantFrom('mx', 'discard:', 'smtp://', 'smtps://', 'lmtp://', 'lmtp+unix:', 'maildir:');
  const rest = fc.constantFrom(
    '',
    '/',
    '/var/mail',
    '/var/../mail',
    '../mail',
    'var/..',
    '/var/${recipient.local}',
    '${recipient.domain}',
    'var/mail',
    'host',
    'host:25',
    'host:0',
    'host:65535',
    'host:65536',
    'host:',
    '[::1]',
    '[::1]:25',
    '::1',
    'a b',
    'mx1.example,mx2.example',
    'user@mx.example',
    'mx1.example;mx2.example',
  );
  const tail = fc.constantFrom('', '/', '/x');
  fc.assert(
    fc.property(scheme, rest, tail, (...parts) => {
      const target = parts.join('');
      fc.pre(/^(?:mx|discard:|smtps?:\/\/[^\s/]+|lmtp:\/\/[^\s/]+|lmtp\+unix:\S+|maildir:\S+)$/.test(target));
      assert.equal(faultOf(target) === null, parseTarget(target) !== null, target);
    }),
    { numRuns: runs(500) },
  );
});

it('a target names one host', () => {
  assert.match(faultOf('smtp://mx1.example,mx2.example')?.message ?? '', /one next hop/);
  for (const target of ['smtp://mx1.example;mx2.example', 'lmtp://user@mx.example']) assert.notEqual(faultOf(target), null, target);
});
