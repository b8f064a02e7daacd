import { isAbsolute, relative, sep } from 'node:path';
import type { Diagnostic, Span } from '../../policy/diagnostic.ts';
import { decodeFile, SiteFileError } from '../../policy/read/site-files.ts';

/** What was read, and what is wrong with it; both where the fault leaves something to use. */
export interface Found<Value> {
  readonly value: Value;
  readonly diagnostics: readonly Diagnostic[];
}

/** A path as messages show it: relative to the site where it lies below it. */
export const shownPath = (root: string, path: string): string => {
  const inside = relative(root, path);
  return isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`) ? path : inside;
};

/** The beginning of a line of a file: enough to find the place, and no secret is shown. */
export const lineOf = (file: string, line: number): Span => ({ file, line, column: 1, endLine: line, endColumn: 1 });

/** What reading gives, or the reason why it gives nothing. */
export const tried = <Value>(read: () => Value): Value | SiteFileError => {
  try {
    return read();
  } catch (error) {
    if (error instanceof SiteFileError) return error;
    throw error;
  }
};

export const textOf = (bytes: Uint8Array): string | SiteFileError => tried(() => decodeFile(bytes));
