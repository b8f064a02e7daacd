import { join } from 'node:path';
import { Command } from 'commander';
import { initSite, type SiteKind } from '../site/init/init.ts';
import type { Terminal } from './terminal/terminal.ts';

const init = async (folder: string, kind: SiteKind, terminal: Terminal): Promise<number> => {
  try {
    for (const path of await initSite(folder, kind)) terminal.out(`${join(folder, path)}\n`);
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
    .description('Create a site that is ready to run: a small one, or with --full the shipped one.')
    .argument('[dir]', 'folder of the new site; existing files are never overwritten', '.')
    .option('--full', 'write the whole shipped site: all its policies and lists, the optional policies switched off')
    .action(async (folder: string, { full }: { readonly full?: true }) => {
      terminal.exitCode = await init(folder, full ? 'full' : 'small', terminal);
    });
