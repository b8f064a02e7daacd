import { readdirSync, readlinkSync } from 'node:fs';

/** Why a test that counts open files cannot run here, or false. */
export const cannotCountFiles = process.platform === 'linux' ? false : 'open files are read from /proc';

/** Files of this process that are open below a folder, or are that path. */
export const openFilesIn = (folder: string): readonly string[] =>
  readdirSync('/proc/self/fd')
    .map(target)
    .filter((file) => file.startsWith(folder));

const target = (descriptor: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
};

/** Resolves once no more than `left` files below the folder are open; rejects after two minutes. */
export const allClosed = async (folder: string, left = 0): Promise<void> => {
  for (const until = performance.now() + 120_000; performance.now() < until; ) {
    if (openFilesIn(folder).length <= left) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`still open: ${openFilesIn(folder).join(', ')}`);
};
