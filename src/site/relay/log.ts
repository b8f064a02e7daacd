import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogConfig } from '../config/config.ts';

/**
 * The log of the relay: JSON lines on stderr. Lines are gathered for a moment and written together, so
 * that logging does not hold up mail; `flush` writes what is left.
 */
export interface RelayLog {
  readonly log: Logger;
  readonly flush: () => void;
}

const EVERY = 250;

/** POSIX writes no more than this to a pipe in one piece (PIPE_BUF). */
const ONE_PIECE = 4096;

const OPTIONS = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
};

const toStderr = (level: LogConfig['level'], base: object | null, sizes: { minLength: number; maxWrite?: number }): RelayLog => {
  const stderr = pino.destination({ fd: 2, sync: false, ...sizes });
  setInterval(() => stderr.flush(), EVERY).unref();
  return { log: pino({ ...OPTIONS, level, base }, stderr), flush: () => stderr.flushSync() };
};

/** `destination` takes the lines; stderr if not given. */
export const openLog = (level: LogConfig['level'], destination?: DestinationStream): RelayLog =>
  destination
    ? { log: pino({ ...OPTIONS, level, base: null }, destination), flush: () => undefined }
    : toStderr(level, null, { minLength: 4096 });

/** For one of several processes that write to the same stderr: lines are not torn apart, and name the process. */
export const openSharedLog = (level: LogConfig['level']): RelayLog =>
  toStderr(level, { worker: process.pid }, { minLength: ONE_PIECE / 2, maxWrite: ONE_PIECE });
