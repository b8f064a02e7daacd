/*
 * What a command does without a running relay (an act on a stopped queue, a new user) is recorded at once in
 * the decision log, if there is one, and into a file in the queue's folder, from which the next relay takes it into its own log.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject, type Json } from '../../policy/json.ts';
import type { RelayConfig } from '../config/config.ts';
import { ACT_EVENTS, type ActEvent, type ActLogs } from './acts.ts';
import { type AuditEntry, auditLine } from './decision-log.ts';
import { printable } from './printable.ts';

const fileOf = (queuePath: string): string => join(queuePath, 'acts.jsonl');

/** False where the folder is not there: no relay has run here yet, and one that comes could not write into a folder of root's. */
const append = (file: string, entry: AuditEntry): boolean => {
  const folder = dirname(file);
  if (!existsSync(folder)) return false;
  asOwnerOf(folder, () => appendFileSync(file, printable(auditLine(entry)), { mode: 0o600 }));
  return true;
};

/** A file that root makes would be root's, and the relay could not write it; and root must not follow where the relay's user has put a link. */
const asOwnerOf = (folder: string, write: () => void): void => {
  const { uid, gid } = statSync(folder);
  if (process.geteuid?.() === 0 && uid !== 0) actingAs({ uid, gid }, write);
  else write();
};

const actingAs = ({ uid, gid }: { readonly uid: number; readonly gid: number }, write: () => void): void => {
  const group = process.getegid?.() ?? 0;
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    write();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(group);
  }
};

/** Records an act where the relay of this configuration, and readers of its logs, find it. Throws on disk errors. */
export const leaveAct = ({ log, queue }: Pick<RelayConfig, 'log' | 'queue'>, event: ActEvent, fields: object): void => {
  const entry = { time: new Date().toISOString(), event, ...fields };
  const inDecisionLog = log.decisions !== null && append(log.decisions, entry);
  append(fileOf(queue.path), { ...entry, ...{ inDecisionLog } });
};

const parsed = (line: string): Json => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

const isActEvent = (value: Json | undefined): value is ActEvent => ACT_EVENTS.some((event) => event === value);

/** Takes what was left by `leaveAct` into the logs of a relay. A disk that fails costs the lines, not the start. */
export const takeActs = (queuePath: string, logs: ActLogs): void => {
  try {
    take(queuePath, logs);
  } catch (err) {
    logs.log.error({ err }, 'acts file unreadable');
  }
};

/** A line that a crash has torn is passed over. */
const take = (queuePath: string, { log, decisions }: ActLogs): void => {
  const file = fileOf(queuePath);
  const taken = `${file}.taken`;
  // What is there already was taken by a relay that died over it.
  if (!existsSync(taken) && existsSync(file)) renameSync(file, taken);
  if (!existsSync(taken)) return;
  for (const line of readFileSync(taken, 'utf8').split('\n')) {
    const act = parsed(line);
    if (!isObject(act) || !isActEvent(act.event) || typeof act.time !== 'string') continue;
    const { event, time, inDecisionLog, ...fields } = act;
    log.info({ at: time, ...fields }, event);
    if (inDecisionLog !== true) decisions?.write({ time, event, ...fields });
  }
  rmSync(taken);
};
