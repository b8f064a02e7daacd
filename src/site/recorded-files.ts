import { createHash } from 'node:crypto';
import type { SiteFiles } from '../policy/read/site-files.ts';

/** Files of a site that remember what was read, in the order of reading. */
export interface RecordedFiles extends SiteFiles {
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** Lets `files` be read and keeps what they gave, each file read once. */
export const recordReads = (files: SiteFiles): RecordedFiles => {
  const contents = new Map<string, Uint8Array>();
  const readBytes = (path: string): Uint8Array => {
    const bytes = contents.get(path) ?? files.readBytes(path);
    contents.set(path, bytes);
    return bytes;
  };
  const read = (path: string): string => {
    const text = files.read(path);
    contents.set(path, Buffer.from(text));
    return text;
  };
  return { contents, readBytes, read };
};

/** Twelve hexadecimal digits that differ whenever a byte that was read, its file's name, or `more` differs. */
export const versionOf = (contents: ReadonlyMap<string, Uint8Array>, more: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const [path, bytes] of contents) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
};
