import { Command } from 'commander';
import { thisActor } from '../queue/actor.ts';
import { readConfig } from '../site/config/read.ts';
import { addUser } from '../site/files/add-user.ts';
import { claimedBy } from '../site/logs/acts.ts';
import { leaveAct } from '../site/logs/acts-file.ts';
import { diagnosticsReason } from '../site/snapshots/rejection.ts';
import { clipped } from '../transaction/identity.ts';
import { type ConfigOption, siteCommand } from './configured.ts';
import { logged } from './logged.ts';
import { askPassword } from './terminal/ask-password.ts';
import type { Terminal } from './terminal/terminal.ts';

const add = async (name: string, { config: path }: ConfigOption, terminal: Terminal): Promise<number> => {
  const { config, diagnostics } = readConfig(path);
  if (!config) {
    terminal.err(`relayctl: ${diagnosticsReason(diagnostics)}\n`);
    return 1;
  }
  if (!config.auth) {
    terminal.err('relayctl: no users file is configured; add auth: { users: config/users } to the configuration\n');
    return 1;
  }
  const password = await askPassword(`Password of ${name}: `);
  if (password === '') {
    terminal.err('relayctl: the password is empty\n');
    return 1;
  }
  const known = await addUser(config.auth.users, name, password);
  const event = known ? 'password changed' : 'user added';
  logged(terminal, () => leaveAct(config, event, { login: clipped(name), ...claimedBy(thisActor()) }));
  terminal.out(`${name}: ${known ? 'password changed' : 'user added'}; run relayctl reload to apply it\n`);
  return 0;
};

export const userCommand = (terminal: Terminal): Command => {
  const adding = siteCommand('add', 'Add a user or change a password, which is read from standard input.')
    .argument('<name>', 'user name')
    .action(async (name: string, options: ConfigOption) => {
      terminal.exitCode = await add(name, options, terminal);
    });
  return new Command('user').description('Manage the users that may log in.').helpCommand(false).addCommand(adding);
};
