import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package lies, with the site that it ships. */
const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

/** Not all of `config`: who has worked in a checkout may have keys and users there. */
const FOLDERS = ['config/lists', 'rules'];

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(join(PACKAGE, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(PACKAGE.length));
};

/** Path -> content of each file of the shipped site; not their permissions, since an installed package may be read-only. */
export const shippedFiles = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
  const paths = ['config/relay.yaml', ...(await Promise.all(FOLDERS.map(filesIn))).flat().sort()];
  return new Map(await Promise.all(paths.map(async (path): Promise<[string, Uint8Array]> => [path, await readFile(join(PACKAGE, path))])));
};
