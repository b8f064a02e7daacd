import type { Logger } from 'pino';
import type { DeliveryEvent } from '../../delivery/parts.ts';
import type { Metrics } from './metrics.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** Times as the log itself writes them. */
const fieldsOf = ({ event: _, ...fields }: DeliveryEvent) => ({
  ...fields,
  ...('report' in fields ? { report: { ...fields.report, at: iso(fields.report.at) } } : {}),
  ...('nextAttempt' in fields && fields.nextAttempt !== null ? { nextAttempt: iso(fields.nextAttempt) } : {}),
});

const LEVELS: ReadonlyMap<string, 'error' | 'warn'> = new Map([
  ['trouble', 'error'],
  ['failed', 'warn'],
]);

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['trouble', 'trouble with a queued message'],
  ['failed', 'delivery failed'],
]);

/** What became of each recipient, into log and counters. */
export const deliveryLog =
  (log: Logger, metrics: Metrics) =>
  (event: DeliveryEvent): void => {
    const { event: name } = event;
    metrics.attempted(name);
    const level = LEVELS.get(name) ?? 'info';
    if (log.isLevelEnabled(level)) log[level](fieldsOf(event), TEXTS.get(name) ?? name);
  };
