import type { Command } from 'commander';
import type { MessageRecord } from '../../queue/message.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Operation, queueOperation, working } from './operation.ts';
import { renderList } from './render.ts';

/** Messages one a line, or as JSON. */
export const printList = (records: readonly MessageRecord[], { json, terminal }: Operation): number => {
  terminal.out(json ? `${JSON.stringify(records, null, 2)}\n` : renderList(records));
  return 0;
};

export const listCommand = (terminal: Terminal): Command =>
  working(queueOperation('list', 'List all queued messages, oldest first.'), terminal, async (operation) =>
    printList(await operation.queue.list(), operation),
  );
