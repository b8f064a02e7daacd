import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts } from '../../src/policy/facts/index.ts';
import { factAtHook } from '../../src/policy/lint/fact-at-hook.ts';
import type { MessageRecord, RecipientState } from '../../src/queue/message.ts';
import { deliveryFacts } from '../../src/transaction/delivery-facts.ts';
import { recipientsOf } from './arrivals.ts';
import { submit } from './mail.ts';
import { relayFixture } from './site-fixture.ts';

const recipient: RecipientState = {
  address: 'a@d.example',
  grant: '10-policy/inbound',
  status: 'open',
  attempts: 0,
  nextAttempt: 0,
  delayNoticed: false,
  last: null,
};

const record: MessageRecord = {
  id: 'q',
  arrived: 0,
  expires: 1,
  size: 1,
  envelope: { sender: '', body: '7bit', smtputf8: false },
  origin: { transaction: 'c.1', policyVersion: 'v', facts: {}, results: {}, tags: [], score: 0, skipped: [] },
  recipients: [recipient],
  state: 'queued',
  reason: '',
};

test('every fact readable at a delivery hook is present there, if only as absent', () => {
  const stated = deliveryFacts(record, recipient, 0);
  stated.set('connection', 'policy.version', 'v');
  const missing = [...facts]
    .filter(([name, { derive, lookUp }]) => !name.endsWith('.') && !derive && !lookUp && factAtHook(name, 'get_mx').known)
    .filter(([name]) => stated.get(name) === undefined);
  assert.deepEqual(
    missing.map(([name]) => name),
    [],
  );
});

test('routes can use facts of the inbound session', async (context) => {
  const { connect, hop } = await relayFixture(context, {
    routes: (
      port,
    ) => `- { id: hop, to: "smtp://127.0.0.1:${port}", tls: none, when: { helo.verb: EHLO, time.hour: { gte: 0 }, recipient.index: 1 } }
- { id: away, to: "discard:" }`,
  });
  assert.match(await submit(await connect(), { to: ['ann@example.com', 'bob@example.com'] }), /^250 /);
  assert.deepEqual((await hop.arrived(1)).flatMap(recipientsOf), ['bob@example.com']);
});
