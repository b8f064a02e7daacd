/*
 * The one way in which files that a person has named are read. A path may lead anywhere by mistake: to a pipe,
 * which would wait for ever, to a device that never ends, to a gigabyte, to a file that is being written at this
 * moment. So the kind and the size of a file are looked at before it is opened, reading stops at a bound, and a
 * file counts as read only if it has been quiet for a while before and has not changed meanwhile.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { MAX_YAML_BYTES } from './decode.ts';
import { SiteFileError } from './site-file-error.ts';

/** A file as it was read, and whom it belongs to. */
export interface GuardedFile {
  readonly bytes: Uint8Array;
  /** Permission bits, 0 to 0o777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** Most bytes of a file, by what it is for. */
export const FILE_LIMITS = {
  yaml: MAX_YAML_BYTES,
  list: 256 * MIB,
  message: 64 * MIB,
  users: 16 * MIB,
  pem: MIB,
  password: 4 * KIB,
} as const;

export type FileKind = keyof typeof FILE_LIMITS;

/** Milliseconds a file must have been left alone before it counts as finished, and for how long that is waited for. */
const QUIET = 250;
const TIMEOUT = 1_500;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the disk reports an error',
  EMFILE: 'this process has too many files open',
};

/** Does something with files; what the system says becomes a `SiteFileError`. */
export const attempt = <T>(action: () => T): T => {
  try {
    return action();
  } catch (error) {
    if (error instanceof SiteFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new SiteFileError('there is no such file', 'missing');
    throw new SiteFileError(REASONS[code] ?? `reading it failed (${code || 'unknown reason'})`);
  }
};

const kindOf = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe (FIFO)';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
};

const sized = (bytes: number): string => (bytes < MIB ? `${Math.ceil(bytes / KIB)} KiB` : `${Math.ceil(bytes / MIB)} MiB`);

const checkStats = (stats: Stats, limit: number): void => {
  if (!stats.isFile()) throw new SiteFileError(`it is ${kindOf(stats)}, not a regular file`, 'not a file');
  if (stats.size > limit) throw new SiteFileError(`it has ${sized(stats.size)}, more than the ${sized(limit)} allowed`, 'too large');
};

const sleep = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** A clock of the file's disk that is ahead of ours says nothing about how long ago it was. */
const stillToWait = ({ mtimeMs }: Stats): number => {
  const age = Date.now() - mtimeMs;
  return age >= QUIET ? 0 : Math.ceil(Math.min(QUIET - age, QUIET));
};

const isSame = (one: Stats, other: Stats): boolean =>
  one.ino === other.ino && one.dev === other.dev && one.size === other.size && one.mtimeMs === other.mtimeMs;

/** At most one byte more than the file had: then it has grown. */
const readUpTo = (descriptor: number, size: number): Uint8Array => {
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
};

/** `null` if the file changed while it was read. */
const readOnce = (path: string, before: Stats, limit: number): GuardedFile | null => {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const opened = fstatSync(descriptor);
    checkStats(opened, limit);
    if (!isSame(before, opened)) return null;
    const bytes = readUpTo(descriptor, opened.size);
    const { mode, uid, gid } = opened;
    return bytes.length === opened.size && isSame(opened, fstatSync(descriptor)) ? { bytes, mode: mode & 0o777, uid, gid } : null;
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Reads a regular file of at most so many bytes, whole or not at all. A file that was written to a moment ago is
 * waited for, up to a second and a half. Throws `SiteFileError`.
 */
export const readGuarded = (path: string, limit: number): GuardedFile =>
  attempt(() => {
    const until = performance.now() + TIMEOUT;
    for (;;) {
      const before = statSync(path);
      checkStats(before, limit);
      const wait = stillToWait(before);
      if (wait > 0) sleep(wait);
      const file = readOnce(path, before, limit);
      if (file) return file;
      if (performance.now() > until) throw new SiteFileError('it is being written to at this moment', 'changing');
    }
  });
