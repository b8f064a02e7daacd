import { contentLength } from '../../message/content.ts';
import { faultDecision } from '../../policy/decide/fault.ts';
import { type Finder, settle } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import type { MessageRecord, RecipientState } from '../../queue/message.ts';
import { deliveryFacts } from '../../transaction/delivery-facts.ts';
import { GO_ON, outcomeOf } from '../../transaction/outcome.ts';
import { recordOf } from '../../transaction/record.ts';
import type { AcceptedMessage } from '../../transaction/settings.ts';
import type { Site } from '../loading/load.ts';
import { stateForDelivery } from './overrides.ts';
import type { Recorder } from './record.ts';
import { givenText, type Script } from './script.ts';

/** What the queue would have kept of a message whose grant a script gives: it is there already. */
export const alreadyQueued = (script: Script): AcceptedMessage => ({
  id: 'dry-run',
  arrived: script.now,
  envelope: { sender: givenText(script, 'sender.address') ?? '', body: '7bit', smtputf8: false },
  recipients: script.recipients.map((address) => ({ address: address ?? '', grant: givenText(script, 'grant') ?? '' })),
  origin: { transaction: 'dry-run.1', policyVersion: '', facts: {}, results: {}, tags: [], score: 0, skipped: [] },
  content: { header: Buffer.alloc(0), body: { kind: 'inline', bytes: Buffer.alloc(0) } },
  state: 'queued',
  reason: '',
});

export interface Delivering {
  readonly site: Site;
  readonly script: Script;
  readonly finder: Finder;
  readonly deadline: number;
  readonly recorder: Recorder;
}

/** Evaluates a hook of delivery for every recipient. Recipient -> target of the route that held. */
export const deliver = async (hook: Hook, message: AcceptedMessage, delivering: Delivering): Promise<ReadonlyMap<string, string>> => {
  const routes = new Map<string, string>();
  const record = recordOf(message, contentLength(message.content), 0);
  for (const recipient of record.recipients) {
    const decision = await decided(hook, { record, recipient }, delivering);
    if (decision.route) routes.set(recipient.address, decision.route.to);
  }
  return routes;
};

const decided = async (
  hook: Hook,
  { record, recipient }: { readonly record: MessageRecord; readonly recipient: RecipientState },
  { site, script, finder, deadline, recorder }: Delivering,
): Promise<Decision> => {
  const facts = deliveryFacts(record, recipient, script.now);
  facts.set('connection', 'policy.version', site.policy.version);
  stateForDelivery(facts, script);
  const options = { trace: true, signal: () => AbortSignal.timeout(deadline) };
  const decision = await Promise.resolve(settle(site.policy, hook, facts, finder, options)).catch(() => faultDecision(hook));
  facts.take(decision);
  const outcome = hook === 'get_mx' ? outcomeOf(decision) : GO_ON;
  recorder.delivered({ hook, recipient: recipient.address === '' ? null : recipient.address, decision, outcome }, facts);
  return decision;
};
