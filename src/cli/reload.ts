import type { Command } from 'commander';
import { requestReload } from '../site/control/requests.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';

const reload = async ({ config }: ConfigOption, terminal: Terminal): Promise<number> => {
  const answer = await requestReload(config);
  if (answer.kind === 'not running') {
    terminal.err(`relayctl: ${answer.reason}\n`);
    return 1;
  }
  const { result } = answer;
  if (!result.taken) {
    terminal.err(`reload rejected, keeping policy ${result.policy}:\n${result.reason}\n`);
    return 1;
  }
  terminal.out(`policy ${result.policy}\n`);
  for (const what of result.restartNeeded) terminal.err(`restart the relay to apply changes to ${what}\n`);
  return 0;
};

export const reloadCommand = (terminal: Terminal): Command =>
  acting(siteCommand('reload', 'Reload configuration and policies; if they are rejected, say why.'), terminal, reload);
