import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { realPath } from '../../policy/read/unsaved.ts';
import type { FixedFile } from './fix-site.ts';

/** A file that could not be written, and why. */
export interface NotWritten {
  readonly path: string;
  readonly reason: string;
}

/** Writes files below a folder, each whole or not at all, with mode and owner kept. One that has changed since it was read is left alone. */
export const writeFiles = (root: string, files: readonly FixedFile[]): readonly NotWritten[] =>
  files.flatMap(({ path, before, after }) => {
    const real = realPath(join(root, path));
    try {
      if (!readFileSync(real).equals(Buffer.from(before))) return [{ path, reason: 'it has changed meanwhile, or is not UTF-8' }];
      replace(real, after);
      return [];
    } catch (error) {
      return [{ path, reason: error instanceof Error && 'code' in error ? String(error.code) : String(error) }];
    }
  });

const replace = (path: string, text: string): void => {
  const { mode, uid, gid } = statSync(path);
  const beside = join(dirname(path), `.relayctl-fix-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const descriptor = openSync(beside, 'wx', 0o600);
  try {
    try {
      writeAll(descriptor, Buffer.from(text));
      const own = fstatSync(descriptor);
      if (own.uid !== uid || own.gid !== gid) fchownSync(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
};

const writeAll = (descriptor: number, bytes: Uint8Array): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
};
