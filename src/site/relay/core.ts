import type { Logger } from 'pino';
import type { Counters } from '../../lookup/finder.ts';
import { contentLength } from '../../message/content.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import { newQueueId } from '../../queue/id.ts';
import type { MailQueue } from '../../queue/queue.ts';
import type { MessageStore } from '../../queue/store.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { recordOf } from '../../transaction/record.ts';
import type { AcceptedMessage } from '../../transaction/settings.ts';
import { sessionFinder } from '../session-finder.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Metrics } from './metrics.ts';
import { composeOwnMail, type SendEffect } from './own-mail.ts';
import type { Running } from './running.ts';

/** What the rooms of a relay share while it runs. */
export interface CoreParts {
  readonly store: MessageStore;
  readonly queue: MailQueue;
  readonly counters: Counters;
  readonly log: Logger;
  readonly decisions: DecisionLog;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly onDecision: (entry: DecisionEntry) => void;
}

/** Messages one rule may send in an hour: enough for notices, too few for a flood. */
const SENDS_AN_HOUR = 100;
const HOUR = 3_600_000;

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

  decided(entry: DecisionEntry): void {
    this.parts.metrics.decided(entry);
    this.parts.decisions.write(entry);
    this.parts.onDecision(entry);
  }

  /** Queues mail that a rule asked for. What keeps it from being sent is logged: no session waits for it. */
  send(effect: SendEffect): void {
    this.#send(effect).catch((err: unknown) => this.parts.log.error({ err, rule: effect.by }, 'mail of a rule was not sent'));
  }

  async #send(effect: SendEffect): Promise<void> {
    const { counters, queue, log, now } = this.parts;
    if (await counters.limit({ name: 'send', key: effect.by, cost: 1, max: SENDS_AN_HOUR, per: HOUR })) {
      log.warn({ rule: effect.by, perHour: SENDS_AN_HOUR }, 'a rule sends too much mail; this one was not sent');
      return;
    }
    const { config, policy } = this.running;
    const { hostname, delivery } = config;
    const mail = { id: newQueueId(now()), hostname, now: now(), lifetime: delivery.lifetime, policyVersion: policy.version };
    const { record, content } = await composeOwnMail(effect, mail);
    await queue.enqueue(record, content);
  }
}
