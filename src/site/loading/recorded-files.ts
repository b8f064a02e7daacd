import { createHash } from 'node:crypto';
import type { FileKind, GuardedFile } from '../../policy/read/guarded-file.ts';
import { decodeFile, type FilesOnDisk, SiteFileError, type SiteFiles } from '../../policy/read/site-files.ts';

/** Files of a site that remember what was read, in the order of reading. */
export interface RecordedFiles extends SiteFiles {
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** The same with their permissions. */
  readonly opened: ReadonlyMap<string, GuardedFile>;
}

/** Lets `files` be read and keeps what they gave, or why they gave nothing: each file is read once. */
export const recordReads = (files: FilesOnDisk): RecordedFiles => {
  const contents = new Map<string, Uint8Array>();
  const opened = new Map<string, GuardedFile>();
  const refused = new Map<string, SiteFileError>();
  const open = (path: string, kind: FileKind): GuardedFile => {
    const earlier = refused.get(path);
    if (earlier) throw earlier;
    try {
      const file = opened.get(path) ?? files.open(path, kind);
      opened.set(path, file);
      contents.set(path, file.bytes);
      return file;
    } catch (error) {
      if (error instanceof SiteFileError) refused.set(path, error);
      throw error;
    }
  };
  return { contents, opened, readBytes: (path, kind) => open(path, kind).bytes, read: (path, kind) => decodeFile(open(path, kind).bytes) };
};

/** Twelve hexadecimal digits that differ whenever a byte that was read, its file's name, or `more` differs. */
export const versionOf = (contents: ReadonlyMap<string, Uint8Array>, more: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const [path, bytes] of contents) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
};
