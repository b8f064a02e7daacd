import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package lies, with the site that it ships. */
const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

const CONFIGURATION = 'config/relay.yaml';

/** A port that nobody else has, silence, and clients whose addresses the scenes choose (in a PROXY header). */
const configured = (config: string): string =>
  `${config.replace('127.0.0.1:2525', '127.0.0.1:0').replace('level: info', 'level: silent')}\nproxy_protocol: { from: [127.0.0.1] }\n`;

/** Copies what the files say, not their permissions: those of an installed package may be read-only. */
const copyFolder = async (folder: string, root: string): Promise<void> => {
  for (const entry of await readdir(join(PACKAGE, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(root, from.slice(PACKAGE.length));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, await readFile(from));
  }
};

/** Copies the shipped site into a folder and returns the path of its configuration. Nothing differs but where it listens. */
export const writeDemoSite = async (root: string): Promise<string> => {
  for (const folder of ['config', 'rules']) await copyFolder(folder, root);
  const configPath = join(root, CONFIGURATION);
  await writeFile(configPath, configured(await readFile(configPath, 'utf8')));
  return configPath;
};
