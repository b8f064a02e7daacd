import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { initSite } from '../../site/init/init.ts';

/** A port that nobody else has, silence, and clients whose addresses the scenes choose (in a PROXY header). */
const configured = (config: string): string =>
  `${config.replace('127.0.0.1:2525', '127.0.0.1:0').replace('level: info', 'level: silent')}\nproxy_protocol: { from: [127.0.0.1] }\n`;

/** Writes the shipped site into a folder and returns the path of its configuration. Nothing differs but where it listens. */
export const writeDemoSite = async (root: string): Promise<string> => {
  await initSite(root, 'full');
  const configPath = join(root, 'config/relay.yaml');
  await writeFile(configPath, configured(await readFile(configPath, 'utf8')));
  return configPath;
};
