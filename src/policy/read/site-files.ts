import { realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { attempt, FILE_LIMITS, type FileKind, type GuardedFile, readGuarded } from './guarded-file.ts';
import { SiteFileError } from './site-file-error.ts';

export { SiteFileError } from './site-file-error.ts';

/** Files of a site by paths relative to it. What a file is for bounds its size. */
export interface SiteFiles {
  /** The text of a UTF-8 file without its byte order mark. Throws `SiteFileError`. */
  readonly read: (path: string, kind: FileKind) => string;
  /** The bytes of a file. Throws `SiteFileError`. */
  readonly readBytes: (path: string, kind: FileKind) => Uint8Array;
}

/** Files of a site on the disk, with their permissions. */
export interface FilesOnDisk extends SiteFiles {
  /** Throws `SiteFileError`. */
  readonly open: (path: string, kind: FileKind) => GuardedFile;
}

/**
 * The files below `root`. A path may not leave the site, neither by `..`, nor by being absolute, nor by a
 * symbolic link.
 */
export const siteFiles = (root: string): FilesOnDisk => {
  const open = (path: string, kind: FileKind): GuardedFile => readGuarded(inside(root, path), FILE_LIMITS[kind]);
  return { open, readBytes: (path, kind) => open(path, kind).bytes, read: (path, kind) => decodeFile(open(path, kind).bytes) };
};

const inside = (root: string, path: string): string => {
  if (isAbsolute(path) || path.split(/[\\/]/).includes('..') || path.includes('\0'))
    throw new SiteFileError("it is outside the site: write a path below the site's folder");
  const home = attempt(() => realpathSync(root));
  const real = attempt(() => realpathSync(join(home, path)));
  if (!real.startsWith(home.endsWith(sep) ? home : home + sep))
    throw new SiteFileError('it is a symbolic link that leads outside the site');
  return real;
};

/** The text without a byte order mark. Throws `SiteFileError` if it is not UTF-8. */
export const decodeFile = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SiteFileError('it is not UTF-8');
  }
};
