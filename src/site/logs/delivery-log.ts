import type { Logger } from 'pino';
import type { DeliveryEvent } from '../../delivery/parts.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { DecisionLog } from './decision-log.ts';
import { recordIdentity } from './record-identity.ts';

export interface DeliveryLogParts {
  readonly log: Logger;
  readonly decisions: DecisionLog;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** Each event of a delivery, as the log says it. */
export const DELIVERY_EVENTS = {
  delivered: { level: 'info', text: 'delivered' },
  deferred: { level: 'info', text: 'deferred' },
  failed: { level: 'warn', text: 'delivery failed' },
  postponed: { level: 'info', text: 'postponed' },
  notice: { level: 'info', text: 'notice queued' },
  trouble: { level: 'error', text: 'queue error' },
} as const satisfies Record<DeliveryEvent['event'], { readonly level: 'info' | 'warn' | 'error'; readonly text: string }>;

const iso = (time: number | null): string | undefined => (time === null ? undefined : new Date(time).toISOString());

/** Times as the log itself writes them. `nextHop` is `mx1.example.net[192.0.2.1]:25`, or the path of a socket; left out where nobody was reached. */
const fieldsOf = (event: DeliveryEvent): object => {
  switch (event.event) {
    case 'trouble':
      return { queueId: event.message, error: event.error };
    case 'postponed':
      return { ...recordIdentity(event.record), recipient: event.recipient, nextAttempt: iso(event.nextAttempt) };
    case 'notice':
      return { ...recordIdentity(event.record), recipient: event.record.recipients[0]?.address, about: event.about };
    default: {
      const { record, recipient, destination, report, attempt, age, nextAttempt } = event;
      const { code, enhanced, text, remote } = report;
      const nextHop = remote === '' ? undefined : remote;
      return {
        ...recordIdentity(record),
        recipient,
        destination,
        nextHop,
        code,
        enhanced,
        text,
        attempt,
        age,
        nextAttempt: iso(nextAttempt),
      };
    }
  }
};

/** What became of each recipient, into both logs and the counters. */
export const deliveryLog =
  ({ log, decisions, metrics, now }: DeliveryLogParts) =>
  (event: DeliveryEvent): void => {
    metrics.attempted(event.event);
    const { level, text } = DELIVERY_EVENTS[event.event];
    const isLogged = log.isLevelEnabled(level);
    if (!isLogged && !decisions.isKept) return;
    const fields = fieldsOf(event);
    if (isLogged) log[level](fields, text);
    if (decisions.isKept) decisions.write({ time: new Date(now()).toISOString(), event: text, ...fields });
  };
