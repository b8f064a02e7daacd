import type { QueueStorage } from '../../queue/administration.ts';
import { journalStorage } from '../../queue/journal/storage.ts';
import type { RelayConfig } from './config.ts';

/** Where the queue of this configuration is kept. `segmentSize` in bytes, where the disk allows no large segments. */
export const queueStorage = ({ queue }: Pick<RelayConfig, 'queue'>, segmentSize?: number): QueueStorage =>
  journalStorage({ path: queue.path, ...(segmentSize === undefined ? {} : { segmentSize }) });
