import { readdirSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { minimatch } from 'minimatch';

const MAGIC = /[*?[{(!+@]/;

/** Folder in front of the first wildcard: only what lies below it can match. */
const fixedPart = (pattern: string): string => {
  const parts = pattern.split('/');
  const magic = parts.findIndex((part) => MAGIC.test(part));
  return parts.slice(0, magic).join('/');
};

const filesBelow = (root: string, folder: string): readonly string[] => {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
};

/**
 * Files of the site that one entry of `policies:` names: a path as it stands, a glob in sorted order.
 * Empty when a glob matches nothing, its folder being missing included.
 */
export const expandPattern = (root: string, pattern: string): readonly string[] => {
  const path = posix.normalize(pattern);
  if (!MAGIC.test(path)) return [path];
  try {
    return filesBelow(root, fixedPart(path))
      .filter((file) => minimatch(file, path))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
};
