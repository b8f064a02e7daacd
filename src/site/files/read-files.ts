import type { Diagnostic } from '../../policy/diagnostic.ts';
import type { FilesOnDisk } from '../../policy/read/site-files.ts';
import type { Located, PolicyFile } from '../../policy/syntax.ts';
import type { RelayConfig } from '../config/config.ts';
import { readDkimKeys } from './dkim-keys.ts';
import { readPasswords } from './passwords.ts';
import { checkMaildirs, checkPlaces } from './places.ts';
import type { Secrets } from './secrets.ts';
import { readTlsFiles } from './tls.ts';
import { readUsersFile } from './users.ts';

export interface NamedFiles {
  readonly config: RelayConfig;
  /** The configuration with its places. */
  readonly document: Located;
  readonly policies: readonly PolicyFile[];
  readonly disk: FilesOnDisk;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface ReadFiles {
  readonly secrets: Secrets;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and checks every file a site names beside its policies and lists: certificate, keys, users, passwords. What
 * has an error is missing from `secrets`.
 */
export const readNamedFiles = ({ config, document, policies, disk, now }: NamedFiles): ReadFiles => {
  const tls = readTlsFiles(config, document, now);
  const users = readUsersFile(config, document);
  const keys = readDkimKeys(policies, { root: config.root, disk });
  const passwords = readPasswords(policies, disk);
  return {
    secrets: { tls: tls.value, users: users.value, keys: keys.value, passwords: passwords.value },
    diagnostics: [
      ...tls.diagnostics,
      ...users.diagnostics,
      ...keys.diagnostics,
      ...passwords.diagnostics,
      ...checkPlaces(config, document),
      ...checkMaildirs(policies, config.root),
    ],
  };
};
