import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide, evaluate } from '../../../src/policy/decide/evaluate.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

/* One run serves one evaluation after the other: nothing of one may show in the next. */

const policy = compiled(`
version: 1
grants:
  - { id: ours, when: { recipient.domain: a.example } }
rules:
  - { id: sets, on: rcpt, when: { sender.domain: b.example }, then: [{ set: { x: one } }, { tag: [t] }, { score: 2 }, { skip: [g] }] }
  - { id: shadow, on: rcpt, mode: shadow, when: { tag: t }, then: reject }
  - { id: asks, on: rcpt, on_unknown: defer, when: { client.rdns: { exists: true }, sender.address: x@c.example }, then: { tag: [u] } }
  - { id: group, on: rcpt, group: g, when: { recipient.local: bad }, then: { reject: "550 5.7.1 No" } }
  - { id: result, on: rcpt, when: { result.x: one, score: { gte: 2 }, recipient.local: worse }, then: { defer: "451 4.7.1 Later" } }
  - { id: mail, on: mail, when: { header.subject: { exists: true } }, then: { tag: [v] } }
`);

const oneOf = (...values: readonly FactValue[]): fc.Arbitrary<FactValue> => fc.constantFrom(...values);

const session: fc.Arbitrary<Readonly<Record<string, FactValue>>> = fc.record(
  {
    'recipient.address': oneOf('bad@a.example', 'worse@a.example', 'ann@A.example', 'a%b@a.example', 'ann@b.example'),
    'sender.address': oneOf('x@b.example', 'x@c.example', null, new Unknown('no answer')),
    'client.rdns': oneOf('h.example', new Unknown('no answer')),
    tag: oneOf(['t'], ['z']),
  },
  { requiredKeys: ['recipient.address', 'sender.address'] },
);

/** A traced evaluation has a run of its own. */
const alone = (given: Readonly<Record<string, FactValue>>): unknown => ({ ...decide(policy, 'rcpt', given, { trace: true }), trace: [] });

test('a decision does not depend on those before it', () => {
  fc.assert(
    fc.property(fc.array(session, { minLength: 2, maxLength: 8 }), (sessions) => {
      const decisions = sessions.map((given) => decide(policy, 'rcpt', given));
      decisions.forEach((decision, index) => {
        assert.deepEqual({ ...decision }, alone(sessions[index] ?? {}));
      });
    }),
    { numRuns: 200 },
  );
});

test('a source that throws leaves nothing behind', () => {
  const given = { 'recipient.address': 'ann@a.example', 'sender.address': 'x@b.example' };
  const before = decide(policy, 'rcpt', given);
  const broken = {
    get: (fact: string): FactValue | undefined => {
      if (fact === 'client.rdns') throw new Error('broken');
      return { ...given, 'sender.address': 'x@c.example', tag: ['t'] }[fact];
    },
  };
  assert.throws(() => evaluate(policy, 'rcpt', broken), /broken/);
  assert.deepEqual(decide(policy, 'rcpt', given), before);
});

test('where no rule holds the result is always the same object, which cannot be changed', () => {
  const first = decide(policy, 'mail', {});
  assert.equal(decide(policy, 'mail', { 'header.other': ['x'] }), first);
  assert.ok(Object.isFrozen(first) && Object.isFrozen(first.effects) && Object.isFrozen(first.shadowed) && Object.isFrozen(first.trace));
  assert.equal(first.verdict, 'none');
});

test('names of header fields are given in any case, and what only Object has is not given', () => {
  const noted = decide(policy, 'mail', { 'header.Subject': ['x'] });
  assert.deepEqual(
    noted.effects.map(({ effect }) => effect),
    ['tag'],
  );
  assert.equal(decide(policy, 'mail', Object.create({ 'header.subject': ['x'] })).verdict, 'none');
});
