import type { Logger } from 'pino';
import { LineWriter } from './line-writer.ts';

/** One line of the decision log: a decision, or what happened to a session, a message or a recipient. What is `undefined` is left out. */
export interface AuditEntry {
  /** `decision`, or the text of the other log's line. */
  readonly event: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Everything that happened to mail, and who decided it: one JSON object a line, complete without the other log. */
export interface DecisionLog {
  /** False where none is kept: there is no need to make entries. */
  readonly isKept: boolean;
  readonly write: (entry: AuditEntry) => void;
  /** Begins a new file of the same name, the old one having been moved away. */
  readonly reopen: () => void;
  readonly close: () => void;
}

const NOWHERE: DecisionLog = { isKept: false, write: () => undefined, reopen: () => undefined, close: () => undefined };

/** Most lines have nothing under these keys, and would be twice as long with them. */
const OFTEN_EMPTY = ['effects', 'shadowed', 'results', 'tags'] as const;

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Without its LF. */
export const auditLine = ({ time, ...entry }: AuditEntry): string => {
  const line: Record<string, unknown> = { time: new Date(time).toISOString(), ...entry };
  for (const key of OFTEN_EMPTY) if (isEmpty(line[key])) line[key] = undefined;
  return JSON.stringify(line);
};

/** Opens the file, its folder included; `null` keeps no log. A disk that fails is told to `log`, and mail goes on without it. */
export const openDecisionLog = (file: string | null, log: Logger): DecisionLog => {
  if (file === null) return NOWHERE;
  const onError = (err: Error): void => log.error({ err }, 'decision log failed');
  const onLost = (lines: number): void => log.error({ lines }, 'decision log lines dropped');
  const writer = new LineWriter({ to: file, onError, onLost });
  return {
    isKept: true,
    write: (entry) => writer.write(`${auditLine(entry)}\n`),
    reopen: () => writer.reopen(),
    close: () => writer.close(),
  };
};
