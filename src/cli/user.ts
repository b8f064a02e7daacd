import { Command } from 'commander';
import { thisActor } from '../queue/actor.ts';
import { readConfig } from '../site/config/read.ts';
import { addUser } from '../site/files/add-user.ts';
import { claimedBy } from '../site/logs/acts.ts';
import { leaveAct } from '../site/logs/acts-file.ts';
import { diagnosticsReason } from '../site/snapshots/rejection.ts';
import { clipped } from '../transaction/identity.ts';
import { askPassword } from './ask-password.ts';
import { type ConfigOption, siteCommand } from './configured.ts';
import { logged } from './logged.ts';
import type { Terminal } from './terminal.ts';

const add = async (name: string, { config: path }: ConfigOption, terminal: Terminal): Promise<number> => {
  const { config, diagnostics } = readConfig(path);
  if (!config) {
    terminal.err(`relayctl: ${diagnosticsReason(diagnostics)}\n`);
    return 1;
  }
  if (!config.auth) {
    terminal.err('relayctl: name the file of users in the configuration first: auth: { users: config/users }\n');
    return 1;
  }
  const password = await askPassword(`Password of ${name}: `);
  if (password === '') {
    terminal.err('relayctl: an empty password lets everybody in\n');
    return 1;
  }
  const known = await addUser(config.auth.users, name, password);
  const event = known ? 'password changed' : 'user added';
  logged(terminal, () => leaveAct(config, event, { login: clipped(name), ...claimedBy(thisActor()) }));
  terminal.out(`${name} ${known ? 'has a new password' : 'may log in'}; relayctl reload makes it so\n`);
  return 0;
};

export const userCommand = (terminal: Terminal): Command => {
  const adding = siteCommand('add', 'Let a user log in, or give him a new password; it is read from standard input.')
    .argument('<name>', 'name of the user')
    .action(async (name: string, options: ConfigOption) => {
      terminal.exitCode = await add(name, options, terminal);
    });
  return new Command('user').description('Who may log in.').helpCommand(false).addCommand(adding);
};
