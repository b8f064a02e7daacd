import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { LineWriter } from './line-writer.ts';

/** Everything that decided, one JSON object a line. */
export interface DecisionLog {
  readonly write: (entry: DecisionEntry) => void;
  /** Begins a new file of the same name, the old one having been moved away. */
  readonly reopen: () => void;
  readonly close: () => void;
}

const NOWHERE: DecisionLog = { write: () => undefined, reopen: () => undefined, close: () => undefined };

const line = ({ time, ...entry }: DecisionEntry): string => `${JSON.stringify({ time: new Date(time).toISOString(), ...entry })}\n`;

/** Opens the file, its folder included; `null` keeps no log. `onError` hears of a disk that fails: mail goes on without it. */
export const openDecisionLog = (file: string | null, onError: (error: Error) => void): DecisionLog => {
  if (file === null) return NOWHERE;
  const onLost = (lines: number): void => onError(new Error(`${lines} lines of the decision log were lost`));
  const writer = new LineWriter({ to: file, onError, onLost });
  return { write: (entry) => writer.write(line(entry)), reopen: () => writer.reopen(), close: () => writer.close() };
};
