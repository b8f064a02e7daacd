import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogConfig } from '../config/config.ts';
import { LineWriter } from './line-writer.ts';
import { printable } from './printable.ts';

/** The log of the relay: JSON lines on stderr. `flush` writes what is left. */
export interface RelayLog {
  readonly log: Logger;
  readonly flush: () => void;
}

/** POSIX writes no more than this to a pipe in one piece (PIPE_BUF). */
const ONE_PIECE = 4096;

const OPTIONS = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
};

/** A stderr that takes no more, a file on a full disk for one, costs lines and nothing else. */
const toStderr = (level: LogConfig['level'], base: object | null, sizes: { readonly piece?: number }): RelayLog => {
  const onLost = (lines: number): void => log.warn({ lines }, 'log lines dropped: reader too slow');
  const stderr = new LineWriter({ to: 2, onError: () => undefined, onLost, ...sizes });
  const log = pino({ ...OPTIONS, level, base }, stderr);
  return { log, flush: () => stderr.flush() };
};

/** `destination` takes the lines; stderr if not given. */
export const openLog = (level: LogConfig['level'], destination?: DestinationStream): RelayLog =>
  destination
    ? { log: pino({ ...OPTIONS, level, base: null }, { write: (line) => destination.write(printable(line)) }), flush: () => undefined }
    : toStderr(level, null, {});

/** For one of several processes that write to the same stderr: lines are not torn apart, and name the process. */
export const openSharedLog = (level: LogConfig['level']): RelayLog => toStderr(level, { worker: process.pid }, { piece: ONE_PIECE });
