import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileKind, GuardedFile } from '../../policy/read/guarded-file.ts';
import { decodeFile, type FilesOnDisk, SiteFileError } from '../../policy/read/site-files.ts';
import type { RelayConfig } from '../config/config.ts';

/* Diagnostics quote what they complain of. A list or policy that names a file with secrets by mistake must not print them. */

const statsOf = (path: string): Stats | null => {
  try {
    return statSync(path);
  } catch {
    return null;
  }
};

/** One file, be it by another name or a link. */
const isSame = (one: Stats | null, other: Stats | null): boolean =>
  one !== null && other !== null && one.ino === other.ino && one.dev === other.dev;

const SECRET_KINDS: readonly FileKind[] = ['users', 'pem', 'password'];

/** The same files, but those that the configuration keeps secret are read as nothing else. */
export const withoutSecrets = (files: FilesOnDisk, { root, tls, auth }: RelayConfig): FilesOnDisk => {
  const secrets = [
    ...(auth === null ? [] : [{ key: 'auth.users', stats: statsOf(auth.users) }]),
    ...(tls === null ? [] : [{ key: 'tls.key', stats: statsOf(tls.key) }]),
  ];
  const open = (path: string, kind: FileKind): GuardedFile => {
    const stats = SECRET_KINDS.includes(kind) ? null : statsOf(join(root, path));
    const secret = secrets.find((one) => isSame(one.stats, stats));
    if (secret) throw new SiteFileError(`it holds secrets: the configuration names it as ${secret.key}`);
    return files.open(path, kind);
  };
  return { open, readBytes: (path, kind) => open(path, kind).bytes, read: (path, kind) => decodeFile(open(path, kind).bytes) };
};
