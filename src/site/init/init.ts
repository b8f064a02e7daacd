import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commonFiles, smallSite } from './files.ts';
import { shippedFiles } from './shipped.ts';

/** A file of the new site is there already; nothing was written. */
export class WouldOverwrite extends Error {
  constructor(path: string) {
    super(`${path} is there already, and nothing is overwritten`);
  }
}

/** `small`: the least that is sensible. `full`: what the package ships, optional policies and all. */
export type SiteKind = 'small' | 'full';

/** Writes a site into a folder, which is made if need be. Resolves to the paths written; rejects with `WouldOverwrite` before writing anything. */
export const initSite = async (folder: string, kind: SiteKind = 'small'): Promise<readonly string[]> => {
  const files = [...(kind === 'full' ? await shippedFiles() : smallSite), ...commonFiles()];
  for (const [path] of files) if (existsSync(join(folder, path))) throw new WouldOverwrite(join(folder, path));
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  return files.map(([path]) => path);
};
