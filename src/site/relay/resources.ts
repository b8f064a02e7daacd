import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { RelayConfig } from '../config/config.ts';

/** Descriptors beside those of clients and deliveries: segments of the queue, logs, look-ups, listeners, the control socket. */
const OWN_FILES = 200;

/** A session has a socket, and perhaps the file of a large message. */
const OF_A_SESSION = 2;

/** A delivery has a socket and the file it reads. */
const OF_A_DELIVERY = 2;

/** What the system lets this process open; unbounded where it does not say. */
const descriptors = (): number => {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

/** Sockets of clients this process may have open, so that queue and delivery never want for a descriptor: half of all at least are theirs. */
export const clientSockets = ({ delivery }: Pick<RelayConfig, 'delivery'>): number => {
  const most = descriptors();
  const others = Math.min(most / 2, OWN_FILES + OF_A_DELIVERY * delivery.concurrency);
  return Math.floor((most - others) / OF_A_SESSION);
};

/** Bytes of the machine, or of the control group the process is in. */
const machine = (): number => {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
};

/** Neither changes while the process runs, and asking costs. */
const THERE_IS = { heap: getHeapStatistics().heap_size_limit, machine: machine() };

/** Bytes that the sessions of one of so many processes may hold together. */
export const sessionMemory = ({ limits }: Pick<RelayConfig, 'limits'>, processes: number): number =>
  limits.memory === null ? Math.min(THERE_IS.heap, THERE_IS.machine / processes) / 2 : limits.memory / processes;
