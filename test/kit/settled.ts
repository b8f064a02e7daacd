import { utimesSync } from 'node:fs';

/** The file was not written just now: readers of a site wait until whoever writes a file has been quiet for a quarter of a second. */
export const settled = (path: string): void => {
  const before = new Date(Date.now() - 60_000);
  utimesSync(path, before, before);
};
