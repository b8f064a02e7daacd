import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSink } from '../../src/message/body-file.ts';
import type { FileBody } from '../../src/message/body-ref.ts';
import type { BodyStorage } from '../../src/message/body-writer.ts';

/** Large bodies in a folder of their own, to be looked at by tests. */
export interface TestBodyFiles extends BodyStorage {
  readonly folder: string;
  /** A body with these bytes. */
  write(bytes: Buffer): Promise<FileBody>;
  /** Names of the files that are there now. */
  left(): Promise<readonly string[]>;
  /** The folder goes. */
  remove(): Promise<void>;
}

export const testBodyFiles = async (): Promise<TestBodyFiles> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-bodies-'));
  let next = 0;
  const newBody = () => createFileSink(join(folder, String(next++)), (file) => rm(file));
  return {
    folder,
    newBody,
    write: async (bytes) => {
      const sink = await newBody();
      await sink.append(bytes);
      return sink.finish();
    },
    left: () => readdir(folder),
    remove: () => rm(folder, { recursive: true }),
  };
};
