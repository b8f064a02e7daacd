import { Command } from 'commander';
import { deleteCommand, holdCommand, releaseCommand } from './queue/change.ts';
import { listCommand } from './queue/list.ts';
import { quarantineCommand } from './queue/quarantine.ts';
import { retryCommand } from './queue/retry.ts';
import { showCommand } from './queue/show.ts';
import type { Terminal } from './terminal/terminal.ts';

const OPERATIONS = [listCommand, showCommand, retryCommand, holdCommand, releaseCommand, deleteCommand, quarantineCommand] as const;

export const queueCommand = (terminal: Terminal): Command => {
  const queue = new Command('queue').description('Inspect and manage queued mail, whether the relay is running or not.').helpCommand(false);
  for (const operation of OPERATIONS) queue.addCommand(operation(terminal));
  return queue;
};
