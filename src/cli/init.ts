import type { Command } from 'commander';
import { initSite } from '../site/init/init.ts';
import { siteCommand } from './configured.ts';
import type { Terminal } from './terminal.ts';

const init = async (folder: string, terminal: Terminal): Promise<number> => {
  try {
    for (const path of await initSite(folder)) terminal.out(`${path}\n`);
    terminal.err(`\nrelayctl test -c ${folder}/config/relay.yaml\nrelayctl serve -c ${folder}/config/relay.yaml\n`);
    return 0;
  } catch (error) {
    terminal.err(`relayctl: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};

export const initCommand = (terminal: Terminal): Command =>
  siteCommand('init', 'Write a small site that lints, tests and serves.')
    .argument('<dir>', 'folder of the new site')
    .action(async (folder: string) => {
      terminal.exitCode = await init(folder, terminal);
    });
