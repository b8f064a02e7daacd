import type { Logger } from 'pino';
import { LineWriter } from './line-writer.ts';

/** One line of the decision log: a decision, or what happened to a session, a message or a recipient. What is `undefined` is left out. */
export interface AuditEntry {
  /** `decision`, or the text of the other log's line. */
  readonly event: string;
  /** ISO 8601. */
  readonly time: string;
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

/** Its LF included. Entries have their time first: they are put together once and not copied, there being one for each recipient. */
export const auditLine = (entry: AuditEntry): string => `${JSON.stringify(entry)}\n`;

/** Opens the file, its folder included; `null` keeps no log. Disk errors go to `log`, and mail goes on without it. */
export const openDecisionLog = (file: string | null, log: Logger): DecisionLog => {
  if (file === null) return NOWHERE;
  const onError = (err: Error): void => log.error({ err }, 'decision log failed');
  const onLost = (lines: number): void => log.error({ lines }, 'decision log lines dropped');
  const writer = new LineWriter({ to: file, onError, onLost });
  // However the process ends, short of being killed, what was decided is written.
  const onExit = (): void => writer.flush();
  process.on('exit', onExit);
  return {
    isKept: true,
    write: (entry) => writer.write(auditLine(entry)),
    reopen: () => writer.reopen(),
    close: () => {
      process.off('exit', onExit);
      writer.close();
    },
  };
};
