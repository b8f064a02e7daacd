import type { Logger } from 'pino';
import type { Counters } from '../../lookup/finder.ts';
import { sessionFinder } from '../../lookup/session-finder.ts';
import { contentLength } from '../../message/content.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import type { FactSource } from '../../policy/value.ts';
import { newQueueId } from '../../queue/id.ts';
import type { MailQueue } from '../../queue/queue.ts';
import type { MessageStore } from '../../queue/store.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { namedRecipients } from '../../transaction/identity.ts';
import { recordOf } from '../../transaction/record.ts';
import type { AcceptedMessage } from '../../transaction/settings.ts';
import type { DecisionLog } from '../logs/decision-log.ts';
import { recordIdentity } from '../logs/record-identity.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { AskLedger } from './counters.ts';
import { composeOwnMail, type SendEffect } from './own-mail.ts';
import type { Running } from './running.ts';

/** What the rooms of a relay share while it runs. */
export interface CoreParts {
  readonly store: MessageStore;
  readonly queue: MailQueue;
  readonly counters: Counters;
  /** Where failed logins are counted. */
  readonly ledger: AskLedger;
  readonly log: Logger;
  readonly decisions: DecisionLog;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly onDecision: ((entry: DecisionEntry) => void) | null;
}

/** Event of the decision log, and its line in the log. */
export const RULE_MAIL_QUEUED = 'rule mail queued';

/** Messages one rule may send in an hour: enough for notices, too few for a flood. */
const SENDS_AN_HOUR = 100;
const HOUR = 3_600_000;

/** Its own mail the relay counts for itself. */
const NO_SESSION: FactSource = { get: () => null };

/** The middle of the relay: what `smtp` and `delivery` are given to work with, under the site that runs now. */
export class Core {
  readonly parts: CoreParts;
  running: Running;

  constructor(parts: CoreParts, running: Running) {
    this.parts = parts;
    this.running = running;
  }

  /** Bound to one transaction, under the look-ups that are configured when it begins. */
  finder(message: () => ReceivedMessage | null): Finder {
    const { lookups, config } = this.running;
    const { counters, metrics } = this.parts;
    return metrics.timing(sessionFinder({ lookups, counters, mimeParts: config.limits.mimeParts }, message));
  }

  /** Resolves when the message is durable; rejects with the system's `code`. */
  async accept(message: AcceptedMessage): Promise<void> {
    const { queue, metrics } = this.parts;
    const record = recordOf(message, contentLength(message.content), this.running.config.delivery.lifetime);
    await queue.enqueue(record, message.content);
    metrics.accepted();
  }

  /** The line about it is made only if the decision log is kept, or somebody listens. */
  decided(decision: Decision, makeEntry: () => DecisionEntry): void {
    const { metrics, decisions, onDecision } = this.parts;
    metrics.decided(decision);
    if (!decisions.isKept && onDecision === null) return;
    const entry = makeEntry();
    decisions.write(entry);
    onDecision?.(entry);
  }

  /** Queues mail that a rule asked for. What keeps it from being sent is logged: no session waits for it. */
  send(effect: SendEffect): void {
    this.#send(effect).catch((err: unknown) => this.parts.log.error({ err, rule: effect.by }, 'sending mail for a rule failed'));
  }

  async #send(effect: SendEffect): Promise<void> {
    const { counters, queue, log, decisions, now } = this.parts;
    if (await counters.limit({ name: 'send', key: effect.by, cost: 1, max: SENDS_AN_HOUR, per: HOUR }, NO_SESSION)) {
      log.warn({ rule: effect.by, perHour: SENDS_AN_HOUR }, 'mail of a rule dropped: limit exceeded');
      return;
    }
    const { config, policy } = this.running;
    const { hostname, delivery } = config;
    const mail = { id: newQueueId(now()), hostname, now: now(), lifetime: delivery.lifetime, policyVersion: policy.version };
    const { record, content } = await composeOwnMail(effect, mail);
    await queue.enqueue(record, content);
    const fields = { ...recordIdentity(record), ...namedRecipients(record.recipients), by: effect.by, policy: policy.version };
    log.info(fields, RULE_MAIL_QUEUED);
    decisions.write({ time: new Date(now()).toISOString(), event: RULE_MAIL_QUEUED, ...fields });
  }
}
