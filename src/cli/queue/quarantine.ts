import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { change } from './change.ts';
import { printList } from './list.ts';
import { type Operation, queueOperation, working } from './operation.ts';

const quarantine = async (operation: Operation): Promise<number> => {
  if (operation.ids.length > 0) return change('quarantine', operation);
  const apart = (await operation.queue.list()).filter(({ state }) => state === 'quarantined');
  return printList(apart, operation);
};

export const quarantineCommand = (terminal: Terminal): Command =>
  working(
    queueOperation('quarantine', 'List quarantined messages; with ids, quarantine these messages.').argument(
      '[id...]',
      'queue id, as in the 250 reply',
    ),
    terminal,
    quarantine,
  );
