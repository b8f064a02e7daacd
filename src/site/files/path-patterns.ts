import { readdirSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { minimatch } from 'minimatch';
import { attempt } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';

const MAGIC = /[*?[{(!+@]/;

/** Folder in front of the first wildcard: only what lies below it can match; the whole path but its name where there is none. */
export const fixedPart = (pattern: string): string => {
  const parts = pattern.split('/');
  const magic = parts.findIndex((part) => MAGIC.test(part));
  return parts.slice(0, magic).join('/');
};

/** Whatever has a name, so that a pipe or a folder in the place of a policy is noticed when it is read. */
const namesBelow = (root: string, folder: string): readonly string[] =>
  attempt(() => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })).map((entry) =>
    relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'),
  );

/**
 * Files of the site that one entry of `policies:` names: a path as it stands, a glob in sorted order.
 * Empty when a glob matches nothing, its folder being missing included. Throws `SiteFileError` if the folder cannot be read.
 */
export const expandPattern = (root: string, pattern: string): readonly string[] => {
  const path = posix.normalize(pattern);
  if (!MAGIC.test(path)) return [path];
  try {
    return namesBelow(root, fixedPart(path))
      .filter((file) => minimatch(file, path))
      .sort();
  } catch (error) {
    if (error instanceof SiteFileError && error.trouble === 'missing') return [];
    throw error;
  }
};
