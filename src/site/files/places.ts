import { accessSync, constants, lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { attempt } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { Located, Path, PolicyFile } from '../../policy/syntax.ts';
import type { Address } from '../config/address.ts';
import { at } from '../config/check.ts';
import type { RelayConfig } from '../config/config.ts';
import { shownPath, tried } from './found.ts';

/*
 * Where the relay writes: its queue, its decision log, its sockets. They need not be there yet, but what is there
 * must not be something else, or the relay starts to fail when it opens them, or hangs on a pipe.
 */

type Reason = string | null;

const found = (path: string): Stats | null | string => {
  const stats = tried(() => attempt(() => statSync(path)));
  if (!(stats instanceof SiteFileError)) return stats;
  if (stats.trouble !== 'missing') return stats.message;
  return linkTarget(path) === null ? null : 'it is a link to something that is not there';
};

/** Where a link leads; `null` where there is none. */
const linkTarget = (path: string): string | null => {
  try {
    return lstatSync(path).isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : null;
  } catch {
    return null;
  }
};

const mayWrite = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The folder, or the nearest one above it in which it can be made. */
const folderFault = (path: string): Reason => {
  const stats = found(path);
  if (typeof stats === 'string') return stats;
  if (stats === null) return dirname(path) === path ? 'there is no such folder' : folderFault(dirname(path));
  if (!stats.isDirectory()) return `${path} is not a folder`;
  return mayWrite(path) ? null : `this user may not write in ${path}`;
};

/** Lines of the log in the middle of the users file would lock everybody out. */
const isNamed = (path: string, { tls, auth }: RelayConfig): boolean => [tls?.cert, tls?.key, auth?.users].includes(path);

/** A device is somebody's wish; what `/dev/stdout` is depends on who starts the relay. */
const logFault = (path: string, config: RelayConfig): Reason => {
  if (isNamed(path, config)) return 'another key of the configuration names this file';
  if (path.startsWith('/dev/std')) return null;
  const stats = found(path);
  const target = linkTarget(path);
  if (typeof stats === 'string') return target === null ? stats : folderFault(dirname(target));
  if (stats === null) return folderFault(dirname(path));
  return stats.isFile() || stats.isCharacterDevice() ? null : 'it is not a regular file';
};

/** `sun_path` has 108 bytes on Linux and 104 elsewhere, the closing zero included. */
const LONGEST_SOCKET = process.platform === 'linux' ? 107 : 103;

const socketFault = ({ path }: Extract<Address, { kind: 'unix' }>): Reason => {
  if (Buffer.byteLength(path) > LONGEST_SOCKET) return `its path has more than ${LONGEST_SOCKET} bytes`;
  const stats = found(path);
  if (typeof stats === 'string') return stats;
  if (stats) return stats.isSocket() ? null : 'something that is not a socket has this name';
  const folder = found(dirname(path));
  if (folder === null) return 'there is no such folder';
  if (typeof folder === 'string') return folder;
  return folderFault(dirname(path));
};

const addressFault = (address: Address | null): Reason => (address?.kind === 'unix' ? socketFault(address) : null);

/** Mail for a folder that cannot be one waits for ever. Whether the relay's user may write there is seen at the first delivery. */
const maildirFault = (target: string, root: string): Reason => {
  const path = /^maildir:([^$]+)$/.exec(target)?.[1];
  const stats = path === undefined ? null : found(resolve(root, path));
  if (stats === null) return null;
  if (typeof stats === 'string') return stats;
  return stats.isDirectory() ? null : `${path} is not a folder`;
};

/** Routes that deliver into something other than a folder. */
export const checkMaildirs = (files: readonly PolicyFile[], root: string): readonly Diagnostic[] =>
  files
    .flatMap(({ routes }) => routes)
    .flatMap(({ name, to }) => {
      const reason = maildirFault(String(to.value), root);
      if (reason === null) return [];
      return [
        diagnose('RLY5011', to.at, {
          message: `Route ${name} cannot deliver: ${reason}`,
          help: 'Name a folder, or a path where one can be created.',
        }),
      ];
    });

/** Places of the configuration in which the relay could not do its work. */
export const checkPlaces = (config: RelayConfig, document: Located): readonly Diagnostic[] => {
  const wrong = (path: Path, what: string, reason: Reason): readonly Diagnostic[] =>
    reason === null
      ? []
      : [
          at(document, path, 'RLY5011', {
            message: `${what} cannot be used: ${reason}`,
            help: 'Name another path, or move what is there out of the way.',
          }),
        ];
  const { root, queue, log } = config;
  return [
    ...wrong(['queue', 'path'], `The queue ${shownPath(root, queue.path)}`, folderFault(queue.path)),
    ...(log.decisions === null
      ? []
      : wrong(['log', 'decisions'], `The decision log ${shownPath(root, log.decisions)}`, logFault(log.decisions, config))),
    ...config.listeners.flatMap(({ address, name }, index) =>
      wrong(['listeners', index, 'address'], `The socket of listener ${name}`, addressFault(address)),
    ),
    ...wrong(['admin', 'address'], 'The socket of admin', addressFault(config.admin?.address ?? null)),
  ];
};
