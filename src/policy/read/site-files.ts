import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';

/** Files of a site by paths relative to it. */
export interface SiteFiles {
  /** The text of a UTF-8 file without its byte order mark. Throws `SiteFileError`. */
  readonly read: (path: string) => string;
  /** The bytes of a file. Throws `SiteFileError`. */
  readonly readBytes: (path: string) => Uint8Array;
}

/** Why a file of the site was not read, in words for the person who named it. */
export class SiteFileError extends Error {
  override readonly name = 'SiteFileError';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read by this user',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * The files below `root`. A path may not leave the site, neither by `..`, nor by being absolute, nor by a
 * symbolic link; and what is not a regular file is not opened for long: a pipe would wait for ever.
 */
export const siteFiles = (root: string): SiteFiles => {
  const readBytes = (path: string): Uint8Array => readRegular(inside(root, path));
  return { readBytes, read: (path) => decode(readBytes(path)) };
};

const inside = (root: string, path: string): string => {
  if (isAbsolute(path) || path.split(/[\\/]/).includes('..') || path.includes('\0'))
    throw new SiteFileError('it is outside the site: write a path below the site’s folder');
  const home = attempt(() => realpathSync(root));
  const real = attempt(() => realpathSync(join(home, path)));
  if (!real.startsWith(home.endsWith(sep) ? home : home + sep)) throw new SiteFileError('it leads outside the site by a symbolic link');
  return real;
};

const readRegular = (path: string): Uint8Array => {
  const descriptor = attempt(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    if (!fstatSync(descriptor).isFile()) throw new SiteFileError('it is not a regular file');
    return attempt(() => readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SiteFileError('it is not UTF-8');
  }
};

const attempt = <T>(action: () => T): T => {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new SiteFileError(REASONS[code] ?? `reading it failed (${code || 'unknown reason'})`);
  }
};
