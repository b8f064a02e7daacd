import { mkdir, open } from 'node:fs/promises';

/** Makes a folder of our own (0700), and those above it. */
export const makeFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
};

/** Puts new, renamed and removed names of a folder on the disk: a file without its name is lost in a power cut. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
