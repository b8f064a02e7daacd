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

/** `destination` takes the lines; stderr if not given. */
export const openLog = (level: LogConfig['level'], destination?: DestinationStream): RelayLog => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (destination) return { log: pino(options, destination), flush: () => undefined };
  const stderr = pino.destination({ fd: 2, sync: false, minLength: 4096 });
  setInterval(() => stderr.flush(), EVERY).unref();
  return { log: pino(options, stderr), flush: () => stderr.flushSync() };
};
