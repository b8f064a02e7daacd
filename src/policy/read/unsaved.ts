import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { FILE_LIMITS, type FileKind, type GuardedFile } from './guarded-file.ts';
import { SiteFileError } from './site-file-error.ts';
import { decodeFile, type FilesOnDisk } from './site-files.ts';

/** What an editor has not saved yet, by absolute path with links resolved. It stands for what is on the disk. */
export type Unsaved = ReadonlyMap<string, string>;

/** Kinds of files an editor may have open; secrets are read from the disk alone. */
const EDITED: readonly FileKind[] = ['yaml', 'list', 'message'];

/** With links resolved as far as the file is there. */
export const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** A text as if it had been read: it belongs to the one who edits it. Throws `SiteFileError`. */
export const bufferedFile = (text: string, kind: FileKind): GuardedFile => {
  const bytes = Buffer.from(text);
  if (bytes.length > FILE_LIMITS[kind]) throw new SiteFileError(`it has more than the ${FILE_LIMITS[kind]} bytes allowed`, 'too large');
  return { bytes, mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
};

/** The files of a site, those that are being edited as the editor has them. */
export const withUnsaved = (files: FilesOnDisk, root: string, unsaved: Unsaved): FilesOnDisk => {
  if (unsaved.size === 0) return files;
  const home = `${realPath(root)}${sep}`;
  const open = (path: string, kind: FileKind): GuardedFile => {
    const real = realPath(join(home, path));
    const text = EDITED.includes(kind) && real.startsWith(home) ? unsaved.get(real) : undefined;
    return text === undefined ? files.open(path, kind) : bufferedFile(text, kind);
  };
  return { open, readBytes: (path, kind) => open(path, kind).bytes, read: (path, kind) => decodeFile(open(path, kind).bytes) };
};
