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

/** What became of each recipient, into log and counters. */
export const deliveryLog =
  (log: Logger, metrics: Metrics) =>
  (event: DeliveryEvent): void => {
    const { event: name } = event;
    const fields = fieldsOf(event);
    metrics.attempted(name);
    if (name === 'trouble') log.error(fields, 'trouble with a queued message');
    else if (name === 'failed') log.warn(fields, 'delivery failed');
    else log.info(fields, name);
  };
