import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { policySchema } from '../../policy/schema/policy-schema.ts';
import { configSchema } from '../config/site-keys.ts';
import { siteTemplate } from './files.ts';

/** A file of the new site is there already; nothing was written. */
export class WouldOverwrite extends Error {
  constructor(path: string) {
    super(`${path} is there already, and nothing is overwritten`);
  }
}

/** Writes a small site into a folder, which is made if need be. Resolves to the paths written; rejects with `WouldOverwrite` before writing anything. */
export const initSite = async (folder: string): Promise<readonly string[]> => {
  const files = [...siteTemplate({ policy: policySchema(), relay: configSchema() })];
  for (const [path] of files) if (existsSync(join(folder, path))) throw new WouldOverwrite(join(folder, path));
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
  return files.map(([path]) => path);
};
