import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import type { FileKind, GuardedFile } from '../../policy/read/guarded-file.ts';
import { decodeFile, type FilesOnDisk, SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile } from '../../policy/syntax.ts';
import type { RelayConfig } from '../config/config.ts';
import type { Secrets } from './secrets.ts';

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

/** Lists whose entries are a secret that a policy names elsewhere. */
export interface ExposedSecrets {
  /** Files of these lists: nothing in them may be quoted. */
  readonly files: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Which secrets the policies name is known only once they are read, lists and all. */
export const exposedByLists = (
  policies: readonly PolicyFile[],
  { root, secrets }: { readonly root: string; readonly secrets: Pick<Secrets, 'keys' | 'passwords'> },
): ExposedSecrets => {
  const named = [
    ...[...secrets.keys.keys()].map((path) => ({ what: 'a DKIM key', stats: statsOf(join(root, path)) })),
    ...[...secrets.passwords.keys()].map((path) => ({ what: 'the password of a route', stats: statsOf(join(root, path)) })),
  ];
  const files = new Set<string>();
  const diagnostics = policies.flatMap(({ lists }) =>
    lists.flatMap(({ file, at }) => {
      const stats = file === null || named.length === 0 ? null : statsOf(join(root, file));
      const secret = named.find((one) => isSame(one.stats, stats));
      if (file === null || secret === undefined) return [];
      files.add(file);
      const message = `List file ${file} cannot be read: it holds secrets: a policy names it as ${secret.what}`;
      return [diagnose('RLY1203', at, { message, help: 'Name the file that holds the entries of the list.' })];
    }),
  );
  return { files, diagnostics };
};
