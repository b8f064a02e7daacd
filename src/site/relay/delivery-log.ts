import type { Logger } from 'pino';
import type { DeliveryEvent } from '../../delivery/parts.ts';
import type { Metrics } from './metrics.ts';

/** What became of each recipient, into log and counters. */
export const deliveryLog =
  (log: Logger, metrics: Metrics) =>
  (event: DeliveryEvent): void => {
    const { event: name, ...fields } = event;
    metrics.attempted(name);
    if (name === 'trouble') log.error(fields, 'trouble with a queued message');
    else if (name === 'failed') log.warn(fields, 'delivery failed');
    else log.info(fields, name);
  };
