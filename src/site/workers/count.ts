import type { RelayConfig } from '../config/config.ts';

/** More would wait for the disk, not for the processor. */
const MOST = 4;

/**
 * How many processes accept and deliver. `auto` leaves one core to whatever else runs on the machine, and
 * where that leaves one, all is done in a single process.
 */
export const workerCount = (workers: RelayConfig['workers'], cores: number): number =>
  workers === 'auto' ? Math.max(1, Math.min(cores - 1, MOST)) : workers;
