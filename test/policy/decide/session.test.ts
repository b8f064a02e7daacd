import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionFacts } from '../../../src/policy/decide/session.ts';

const by = 'p/r';

test('what rules set before MAIL outlives the transaction, what they set later does not', () => {
  const facts = new SessionFacts();
  facts.remember([
    { effect: 'set', values: { early: 1 }, by },
    { effect: 'tag', tags: ['a'], by },
    { effect: 'score', points: 2, by },
    { effect: 'skip', groups: ['g'], by },
  ]);
  facts.beginTransaction();
  facts.remember([
    { effect: 'set', values: { late: true }, by },
    { effect: 'tag', tags: ['b'], by },
    { effect: 'score', points: 0.5, by },
    { effect: 'skip', groups: ['h'], by },
  ]);
  assert.deepEqual(facts.results(), { results: { early: 1, late: true }, tags: ['a', 'b'], score: 2.5, skipped: ['g', 'h'] });
  facts.endTransaction();
  assert.deepEqual(facts.results(), { results: { early: 1 }, tags: ['a'], score: 2, skipped: ['g'] });
  assert.equal(facts.get('result.late'), undefined);
});

test('a new recipient clears only the facts of the previous one', () => {
  const facts = new SessionFacts();
  facts.set('connection', 'client.ip', '192.0.2.1');
  facts.beginTransaction();
  facts.set('transaction', 'sender.address', 'a@b.example');
  facts.set('recipient', 'recipient.address', 'c@d.example');
  facts.beginRecipient();
  assert.equal(facts.get('recipient.address'), undefined);
  assert.equal(facts.get('sender.address'), 'a@b.example');
  facts.endTransaction();
  assert.equal(facts.get('sender.address'), undefined);
  assert.equal(facts.get('client.ip'), '192.0.2.1');
});

test('a fact family is answered by its provider during its lifetime', () => {
  const facts = new SessionFacts();
  facts.beginTransaction();
  facts.provide('transaction', 'header', (name) => (name === 'subject' ? ['hello'] : null));
  assert.deepEqual(facts.get('header.subject'), ['hello']);
  assert.equal(facts.get('header.x'), null);
  facts.endTransaction();
  assert.equal(facts.get('header.subject'), undefined);
});
