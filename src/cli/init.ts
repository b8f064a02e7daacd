import { join } from 'node:path';
import { Command } from 'commander';
import { initSite } from '../site/init/init.ts';
import type { Terminal } from './terminal.ts';

const init = async (folder: string, terminal: Terminal): Promise<number> => {
  try {
    for (const path of await initSite(folder)) terminal.out(`${join(folder, path)}\n`);
    const config = folder === '.' ? '' : ` -c ${join(folder, 'config/relay.yaml')}`;
    terminal.err(`\nNext: relayctl test${config}, then relayctl serve${config}\n`);
    return 0;
  } catch (error) {
    terminal.err(`relayctl: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};

/** Without `-c`: a site is a folder, and `init` writes all of it. */
export const initCommand = (terminal: Terminal): Command =>
  new Command('init')
    .description('Create a small site that is ready to run.')
    .argument('[dir]', 'folder of the new site; existing files are never overwritten', '.')
    .action(async (folder: string) => {
      terminal.exitCode = await init(folder, terminal);
    });
