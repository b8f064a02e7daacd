import type { DeliveryParts } from '../../delivery/parts.ts';
import type { MayReport } from '../../delivery/wishes.ts';
import type { SessionFacts } from '../../policy/decide/session.ts';
import type { Hook } from '../../policy/hook.ts';
import { type FactSource, Unknown } from '../../policy/value.ts';
import { newQueueId } from '../../queue/id.ts';
import type { MessageRecord } from '../../queue/message.ts';
import { Deadline } from '../../transaction/deadline.ts';
import { isWorthNoting } from '../../transaction/decision-entry.ts';
import { deliveryFacts } from '../../transaction/delivery-facts.ts';
import { after } from '../../transaction/eventually.ts';
import { type AskGrant, evaluateGrants, grantedBy, noteGrantFault } from '../../transaction/grant.ts';
import { senderAtMail } from '../../transaction/kept-facts.ts';
import { noteRefused, permitted } from '../../transaction/own-mail.ts';
import type { SendEffect } from '../../transaction/settings.ts';
import { deliveryLog } from '../logs/delivery-log.ts';
import { recordIdentity } from '../logs/record-identity.ts';
import type { Core } from './core.ts';
import { deliveryEntry } from './delivery-entry.ts';
import { type Delivered, type DeliveryPolicyParts, deliveryPolicy } from './delivery-policy.ts';
import type { Running } from './running.ts';

const policyParts = (core: Core): DeliveryPolicyParts => ({
  policy: () => core.running.policy,
  finder: () => core.finder(() => null),
  deadline: () => core.running.config.limits.hook,
  now: core.parts.now,
  decided: (decision, about) => {
    if (isWorthNoting(decision)) core.decided(decision, () => deliveryEntry(decision, about, core.parts.now()));
    // Mail about mail that nobody may answer would go round in circles.
    if (about.record.envelope.sender === '') return;
    for (const effect of decision.effects) if (effect.effect === 'send') void sendAllowed(core, effect, about);
  },
  fault: (err, record) => core.parts.log.error({ err, ...recordIdentity(record) }, 'delivery hook failed'),
});

/** Addresses that a template of the rule produced need a grant, evaluated with what the queue has kept of the session. */
const sendAllowed = async (core: Core, mail: SendEffect, { record, facts }: Delivered): Promise<void> => {
  const { ask, deadline } = askingFor(core, record, facts);
  const refused = noteRefused(core.parts.log, recordIdentity(record), mail.by);
  const allowed = await permitted(mail, ask, refused);
  deadline.clear();
  if (allowed !== null) core.send(allowed);
};

interface Asking {
  readonly ask: AskGrant;
  /** To be cleared when all has been asked. */
  readonly deadline: Deadline;
}

const askingFor = (core: Core, record: MessageRecord, facts: SessionFacts): Asking => {
  const { policy, config } = core.running;
  const onFault = noteGrantFault(core.parts.log, recordIdentity(record));
  const deadline = new Deadline(config.limits.hook, () => NEVER);
  const parts = { policy, facts, before: factsBefore(record), finder: core.finder(() => null), deadline, trace: false, onFault };
  return { ask: (address) => after(evaluateGrants(address, parts), grantedBy), deadline };
};

/** Judged like a RCPT for the sender's address, from the client that brought the message. */
const reportsTo =
  (core: Core): MayReport =>
  (record) => {
    const [recipient] = record.recipients;
    if (recipient === undefined) return false;
    const { ask, deadline } = askingFor(core, record, deliveryFacts(record, recipient, core.parts.now()));
    return after(ask(record.envelope.sender), ({ grant }) => {
      deadline.clear();
      return grant !== null;
    });
  };

/** What rules had set before the message came is not kept apart in the queue from what they took from the message. */
const factsBefore = ({ origin, envelope }: MessageRecord): FactSource => ({
  get: (fact) => (fact === 'sender.address' ? senderAtMail(origin.facts, envelope.sender) : new Unknown('not kept in the queue')),
});

const NEVER = new AbortController().signal;

/** Of the policy that runs, or of the one it has replaced. Throws if neither knows the file. */
const passwordOf = ({ secrets, before }: Running, file: string): string => {
  const password = secrets.passwords.get(file) ?? before?.passwords.get(file);
  if (password === undefined) throw new Error(`there was no password in ${file} when the policy was loaded`);
  return password;
};

/** What the delivery room works with; the policy asked is always the present one. */
export const deliveryParts = (core: Core): DeliveryParts => {
  const { queue, log, metrics, decisions, now } = core.parts;
  const parts = policyParts(core);
  const policyFor = (hook: Hook) => deliveryPolicy(hook, parts);
  return {
    queue,
    dns: {
      mx: (domain, signal) => core.running.lookups.dns.mx(domain, signal),
      addresses: (domain, signal) => core.running.lookups.dns.addresses(domain, signal),
    },
    settings: () => core.running.delivery,
    routeFor: policyFor('get_mx'),
    mayReport: reportsTo(core),
    hooks: { delivered: policyFor('delivered'), deferred: policyFor('deferred'), bounce: policyFor('bounce') },
    password: async (file) => passwordOf(core.running, file),
    log: deliveryLog({ log, metrics, decisions, now }),
    now,
    random: Math.random,
    newId: () => newQueueId(now()),
  };
};
