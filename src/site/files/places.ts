import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { attempt } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { Located, Path } from '../../policy/syntax.ts';
import { at } from '../config/check.ts';
import type { Address, RelayConfig } from '../config/config.ts';
import { shownPath, tried } from './found.ts';

/*
 * Where the relay writes: its queue, its decision log, its sockets. They need not be there yet, but what is there
 * must not be something else, or the relay starts to fail when it opens them, or hangs on a pipe.
 */

type Reason = string | null;

const found = (path: string): Stats | null | string => {
  const stats = tried(() => attempt(() => statSync(path)));
  if (!(stats instanceof SiteFileError)) return stats;
  return stats.trouble === 'missing' ? null : stats.message;
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

/** A device is somebody’s wish; what `/dev/stdout` is depends on who starts the relay. */
const logFault = (path: string): Reason => {
  if (path.startsWith('/dev/std')) return null;
  const stats = found(path);
  if (typeof stats === 'string') return stats;
  if (stats === null) return folderFault(dirname(path));
  return stats.isFile() || stats.isCharacterDevice() ? null : 'it is not a regular file';
};

const socketFault = ({ path }: Extract<Address, { kind: 'unix' }>): Reason => {
  const stats = found(path);
  if (typeof stats === 'string') return stats;
  if (stats) return stats.isSocket() ? null : 'something that is not a socket has this name';
  const folder = found(dirname(path));
  if (folder === null) return 'there is no such folder';
  if (typeof folder === 'string') return folder;
  return folderFault(dirname(path));
};

const addressFault = (address: Address | null): Reason => (address?.kind === 'unix' ? socketFault(address) : null);

/** Places of the configuration in which the relay could not do its work. */
export const checkPlaces = (config: RelayConfig, document: Located): readonly Diagnostic[] => {
  const wrong = (path: Path, what: string, reason: Reason): readonly Diagnostic[] =>
    reason === null
      ? []
      : [
          at(document, path, 'RLY5011', {
            message: `${what} cannot be used: ${reason}`,
            help: 'Name another place, or move away what is there.',
          }),
        ];
  const { root, queue, log } = config;
  return [
    ...wrong(['queue', 'path'], `The queue ${shownPath(root, queue.path)}`, folderFault(queue.path)),
    ...(log.decisions === null
      ? []
      : wrong(['log', 'decisions'], `The decision log ${shownPath(root, log.decisions)}`, logFault(log.decisions))),
    ...config.listeners.flatMap(({ address, name }, index) =>
      wrong(['listeners', index, 'address'], `The socket of listener ${name}`, addressFault(address)),
    ),
    ...wrong(['admin', 'address'], 'The socket of admin', addressFault(config.admin)),
  ];
};
