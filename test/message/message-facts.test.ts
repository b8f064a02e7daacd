import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitMessage } from '../../src/message/header.ts';
import { ReceivedMessage } from '../../src/message/incoming.ts';
import { provideMessage } from '../../src/message/message-facts.ts';
import { SessionFacts } from '../../src/policy/decide/session.ts';

describe('the facts of a message', () => {
  const facts = new SessionFacts();
  facts.beginTransaction();
  const { header, body } = splitMessage(Buffer.from('Subject: =?utf-8?Q?gr=C3=BCn?=\r\nX: 1\r\nx: 2\r\n\r\nbody'));
  provideMessage(facts, new ReceivedMessage(header, { kind: 'inline', bytes: body }));

  it('are its size and its header, decoded', () => {
    assert.equal(facts.get('message.size'), header.length + 4);
    assert.deepEqual(facts.get('header.subject'), ['grün']);
    assert.deepEqual(facts.get('header.X'), ['1', '2']);
  });

  it('say that a field is absent', () => assert.equal(facts.get('header.missing'), null));

  it('end with the transaction', () => {
    facts.endTransaction();
    assert.deepEqual([facts.get('message.size'), facts.get('header.subject')], [undefined, undefined]);
  });
});
