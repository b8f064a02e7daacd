import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import type { FactValue } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

/* Names that are one name however they are spelt: in the policy, by the client, by whoever calls the library. */

const holds = (when: string, given: Readonly<Record<string, FactValue>>): string | undefined => {
  const policy = compiled(`version: 1\nrules:\n  - { id: asked, on: data_post, when: ${when}, then: { log: yes } }\n`);
  return decide(policy, 'data_post', given, { trace: true }).trace[0]?.result;
};

suite('domains are compared as A-labels', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{ helo.name: { ends_with: bücher.example } }', 'mail.bücher.example'],
    ['{ helo.name: { ends_with: .BÜCHER.example } }', 'mail.xn--bcher-kva.example'],
    ['{ helo.name: { starts_with: mail.bücher } }', 'mail.xn--bcher-kva.example'],
    ['{ helo.name: { contains: .bücher. } }', 'mail.xn--bcher-kva.example'],
    ['{ helo.name: { glob: "*.bücher.example" } }', 'mail.xn--bcher-kva.example'],
    ['{ helo.name: { glob: "*.bücher.*" } }', 'mail.BÜCHER.example'],
  ];
  for (const [when, name] of cases) test(`${when} of ${name}`, () => assert.equal(holds(when, { 'helo.name': name }), 'true'));

  test('only the domain of an address has labels', () => {
    const given = { 'sender.address': 'jürgen@xn--bcher-kva.example' };
    assert.equal(holds('{ sender.address: { starts_with: JÜRGEN@bücher } }', given), 'true');
    assert.equal(holds('{ sender.address: { glob: "jür*@bücher.*" } }', given), 'true');
    assert.equal(holds('{ sender.address: { contains: jür } }', given), 'true');
  });
});

test('HELO names are compared case-insensitively even if not a domain', () => {
  assert.equal(holds('{ helo.name: { ends_with: .example.com } }', { 'helo.name': '.EXAMPLE.COM' }), 'true');
  assert.equal(holds('{ sender.address: { starts_with: "@exam" } }', { 'sender.address': '@EXAMPLE.com' }), 'true');
});

test('header names match in any case, in policies and given values', () => {
  for (const asked of ['header.x-tenant', 'header.X-Tenant'])
    for (const stated of ['header.x-tenant', 'header.X-TENANT'])
      assert.equal(holds(`{ ${asked}: a }`, { [stated]: ['a'] }), 'true', `${asked} of ${stated}`);
});

test('same_as is symmetric', () => {
  const given = { 'auth.user': 'ANN@Example.COM', 'sender.address': 'Ann@example.com' };
  assert.equal(holds('{ auth.user: { same_as: sender.address } }', given), 'true');
  assert.equal(holds('{ sender.address: { same_as: auth.user } }', given), 'true');
  assert.equal(holds('{ header.x-to: { same_as: recipients } }', { 'header.x-to': ['A@B.example'], recipients: ['a@b.EXAMPLE'] }), 'true');
  assert.equal(holds('{ auth.user: { same_as: header.x-user } }', { 'auth.user': 'Ann', 'header.x-user': ['ann'] }), 'false');
});

test('score is 0 at first, and the version is that of the policy', () => {
  assert.equal(holds('{ score: { lt: 1, gte: 0 } }', {}), 'true');
  assert.equal(holds('{ policy.version: test }', {}), 'true');
});
