import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package lies, with the site that it ships. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

const edit = async (path: string, change: (text: string) => string): Promise<void> => writeFile(path, change(await readFile(path, 'utf8')));

/** Ports that nobody else has, silence, and clients whose addresses the scenes choose (in a PROXY header). */
const configured = (config: string): string =>
  `${config.replace('127.0.0.1:2525', '127.0.0.1:0').replace('level: info', 'level: silent')}\nproxy_protocol: { from: [127.0.0.1] }\n`;

/**
 * Copies the site as it ships into a folder and gives the path of its configuration. Nothing is different but
 * where it listens and where its mail store is: `inside` is the port of the demonstration's next hop.
 */
export const writeDemoSite = async (root: string, inside: number): Promise<string> => {
  for (const part of ['config', 'rules']) await cp(join(PACKAGE, part), join(root, part), { recursive: true });
  const configPath = join(root, 'config/relay.yaml');
  await edit(configPath, configured);
  await edit(join(root, 'rules/90-routes.yaml'), (rules) => rules.replaceAll('127.0.0.1:2526', `127.0.0.1:${inside}`));
  return configPath;
};
