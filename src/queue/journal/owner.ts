/*
 * Every process of a relay writes to a folder of its own, so that no two ever write the same file. The folder's
 * name identifies its owner: `<origin>@<pid>-<start time>-<boot>`. A process is gone if no process has that pid,
 * if the one that has it started at another time, or if the machine has rebooted. Taking over a folder is a
 * single rename: of several processes that try, one succeeds. All processes of a relay must see each other's
 * pids: one container, or one pid namespace.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** The owner of a folder that was released cleanly. */
export const NOBODY = '0-0-0';

export interface FolderName {
  /** Unchanged when the folder changes owner. */
  readonly origin: string;
  readonly owner: string;
}

const NAME = /^([0-9a-z]{4,32})@(\d+-\d+-[0-9a-z]+)$/;

export const folderName = (folder: FolderName): string => `${folder.origin}@${folder.owner}`;

/** `null` for any other name. */
export const parseFolderName = (name: string): FolderName | null => {
  const [, origin, owner] = NAME.exec(name) ?? [];
  return origin !== undefined && owner !== undefined ? { origin, owner } : null;
};

/** Ordered by time, and unique. */
export const newOrigin = (): string => `${Date.now().toString(36).padStart(9, '0')}${randomBytes(6).toString('hex')}`;

const readOr = (file: string, otherwise: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
};

const boot = (): string =>
  readOr('/proc/sys/kernel/random/boot_id', '0')
    .replace(/[^0-9a-f]/g, '')
    .slice(0, 12) || '0';

/** Field 22 of `stat`, counted from the command's closing parenthesis, since the command may contain spaces and parentheses. Zombies count as having none. */
const startTime = (stat: string): string => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? '0');
};

let self: string | null = null;

/** This process, as the folders it owns name it. */
export const thisProcess = (): string => {
  self ??= `${process.pid}-${startTime(readOr('/proc/self/stat', ''))}-${boot()}`;
  return self;
};

/** Without `/proc`, a pid that accepts a signal counts as alive. */
export const isAlive = async (owner: string): Promise<boolean> => {
  const [pid = '0', started = '0', bootId = '0'] = owner.split('-');
  if (pid === '0' || bootId !== boot()) return false;
  if (started === '0') return answersSignal(Number(pid));
  try {
    return startTime(await readFile(`/proc/${pid}/stat`, 'utf8')) === started;
  } catch {
    return false;
  }
};

const answersSignal = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
