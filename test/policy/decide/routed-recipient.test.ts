import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

const verdict = (grant: string, given: Readonly<Record<string, FactValue>>): string => {
  const policy = compiled(`version: 1
lists:
  people: { type: address, values: [ann@example.com, "odd%name@example.com", "@lists.example"] }
grants: [${grant}]
`);
  const decision = decide(policy, 'rcpt', given, { trace: true });
  return decision.verdict === 'reject' || decision.verdict === 'defer' ? String(decision.code) : decision.verdict;
};

const DOMAIN = '{ id: g, when: { recipient.domain: example.com } }';
const TAGGED = '{ id: g, when: { recipient.base: { in: people }, recipient.tag: { exists: true } } }';

const ROUTED = [
  'user%other.test@example.com',
  'other.test!user@example.com',
  '"user@other.test"@example.com',
  '"@other.test:user"@example.com',
  '"@a.test,@b.test:user@other.test"@example.com',
  'a.test!b.test!user@example.com',
  'user%a.test%b.test@example.com',
  '%@example.com',
  '!@example.com',
  'user\uff05other.test@example.com',
  'user\uff20other.test@example.com',
  'user\ufe6bother.test@example.com',
];

for (const address of ROUTED)
  test(`a grant for a domain does not mean ${address}`, () => {
    assert.equal(verdict(DOMAIN, { 'recipient.address': address }), '550');
    assert.equal(
      verdict('{ id: g, when: { recipient.domain: example.com }, untrusted_routing: true }', { 'recipient.address': address }),
      'accept',
    );
    for (const disguised of [
      '{ id: g, when: { recipient.address: { ends_with: "@example.com" } } }',
      '{ id: g, when: { recipient.address: { glob: "*@example.com" } } }',
      '{ id: g, when: { recipient.address: { matches: "@example[.]com$" } } }',
      '{ id: g, when: { recipient.domain: example.com, client.ip: { not_in: [192.0.2.1] } } }',
      '{ id: g, when: { recipient.local: { ne: root }, recipient.domain: example.com } }',
    ])
      assert.equal(verdict(disguised, { 'recipient.address': address, 'client.ip': '203.0.113.1' }), '550', disguised);
  });

test('a grant that names such an address covers it, and one for its domain or tag does not', () => {
  const people = '{ id: g, when: { recipient.address: { in: people } } }';
  assert.equal(verdict(people, { 'recipient.address': 'odd%name@example.com' }), 'accept');
  assert.equal(verdict(people, { 'recipient.address': 'ann@example.com' }), 'accept');
  assert.equal(verdict(people, { 'recipient.address': 'ann%x@example.com' }), '550');
  assert.equal(verdict(people, { 'recipient.address': 'user%x@lists.example' }), '550');
  assert.equal(
    verdict('{ id: g, when: { recipient.address: { glob: "*%*@example.com" } } }', { 'recipient.address': 'a%b@example.com' }),
    'accept',
  );
  assert.equal(verdict(TAGGED, { 'recipient.address': 'ann+news@example.com' }), 'accept');
  assert.equal(verdict(TAGGED, { 'recipient.address': 'ann+x%other.test@example.com' }), '550');
});

test('a client that may relay anywhere may relay there too', () => {
  const clients = '{ id: g, when: { client.ip: 10.0.0.0/8 } }';
  const either = '{ id: g, when: { any: [{ client.ip: 10.0.0.0/8 }, { recipient.domain: example.com }] } }';
  const address = { 'recipient.address': 'user%other.test@example.com' };
  for (const grant of [clients, either]) {
    assert.equal(verdict(grant, { ...address, 'client.ip': '10.1.2.3' }), 'accept');
    assert.equal(verdict(grant, { ...address, 'client.ip': '203.0.113.1' }), '550');
  }
});

test('an unknown grant is 451', () => {
  const grant = '{ id: g, when: { any: [{ recipient.address: { contains: "%" } }, { client.rdns: mx.example.org }] } }';
  const given = { 'recipient.address': 'user%other.test@example.com', 'client.rdns': new Unknown('SERVFAIL') };
  assert.equal(verdict(grant, given), '451');
  assert.equal(verdict(grant, { ...given, 'client.rdns': ['mx.example.org'] }), 'accept');
  assert.equal(verdict(grant, { ...given, 'client.rdns': null }), 'accept');
});

test('the trace gives the reason', () => {
  const decision = decide(
    compiled(`version: 1\ngrants: [${DOMAIN}]\n`),
    'rcpt',
    { 'recipient.address': 'a%b@example.com' },
    { trace: true },
  );
  const [entry] = decision.trace;
  assert.equal(entry?.result, 'false');
  assert.match(entry?.why.at(-1) ?? '', /may route on the local part/);
});
