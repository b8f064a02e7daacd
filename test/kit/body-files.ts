import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BodyFiles } from '../../src/message/body-file.ts';

/** Body files in a folder of their own, to be looked at by tests. */
export interface TestBodyFiles extends BodyFiles {
  readonly folder: string;
  /** Names of the files that are there now. */
  left(): Promise<readonly string[]>;
  /** The folder goes. */
  remove(): Promise<void>;
}

export const testBodyFiles = async (): Promise<TestBodyFiles> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-bodies-'));
  let next = 0;
  return {
    folder,
    async bodyFile() {
      const file = join(folder, String(next++));
      return { file, handle: await open(file, 'wx', 0o600) };
    },
    discardFile: (file) => rm(file),
    left: () => readdir(folder),
    remove: () => rm(folder, { recursive: true }),
  };
};
