import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { change } from './change.ts';
import { type Operation, queueOperation, working } from './operation.ts';

const retry = async (operation: Operation): Promise<number> => {
  const { queue, ids, all } = operation;
  if (!all && ids.length === 0) throw new Error('give queue ids or --all');
  if (!all) return change('retry', operation);
  const queued = (await queue.list()).filter(({ state }) => state === 'queued');
  return change('retry', { ...operation, ids: queued.map(({ id }) => id) });
};

export const retryCommand = (terminal: Terminal): Command =>
  working(
    queueOperation('retry', 'Retry messages now, without using up an attempt.')
      .argument('[id...]', 'queue id, as in the 250 reply')
      .option('--all', 'retry every queued message'),
    terminal,
    retry,
  );
