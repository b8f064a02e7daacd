import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** `sun_path` has 108 bytes on Linux and 104 elsewhere, the closing zero included. */
const LONGEST = 103;

/**
 * Where the relay of this queue listens for questions: in the queue's folder, or, when that path is too
 * long for a socket, under a name made from it in a folder of this user's own.
 * Throws if that folder belongs to somebody else.
 */
export const controlSocket = (queuePath: string): string => {
  const path = join(queuePath, 'control.sock');
  if (Buffer.byteLength(path) <= LONGEST) return path;
  const name = createHash('sha256').update(queuePath).digest('hex').slice(0, 16);
  return join(ownFolder(), `${name}.sock`);
};

const ownFolder = (): string => {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `relayctl-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} is not a folder of this user`);
  chmodSync(folder, 0o700);
  return folder;
};
