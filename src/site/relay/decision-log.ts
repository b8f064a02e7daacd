import { pino } from 'pino';
import type { DecisionEntry } from '../../smtp/decision-entry.ts';

/** Everything that decided, one JSON object a line. */
export interface DecisionLog {
  readonly write: (entry: DecisionEntry) => void;
  /** Begins a new file of the same name, the old one having been moved away. */
  readonly reopen: () => void;
  readonly close: () => void;
}

const EVERY = 250;

const NOWHERE: DecisionLog = { write: () => undefined, reopen: () => undefined, close: () => undefined };

const line = ({ time, ...entry }: DecisionEntry): string => `${JSON.stringify({ time: new Date(time).toISOString(), ...entry })}\n`;

/** Opens the file, its folder included; `null` keeps no log. `onError` hears of a disk that fails: mail goes on without it. */
export const openDecisionLog = (file: string | null, onError: (error: Error) => void): DecisionLog => {
  if (file === null) return NOWHERE;
  const destination = pino.destination({ dest: file, mkdir: true, append: true, mode: 0o600, sync: false, minLength: 4096 });
  destination.on('error', onError);
  const timer = setInterval(() => destination.flush(), EVERY).unref();
  return {
    write: (entry) => destination.write(line(entry)),
    reopen: () => destination.reopen(),
    close: () => {
      clearInterval(timer);
      destination.flushSync();
      destination.end();
    },
  };
};
