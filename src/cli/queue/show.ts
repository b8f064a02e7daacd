import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { type Operation, queueOperation, working } from './operation.ts';
import { renderMessage } from './render.ts';

const show = async ({ queue, ids: [id = ''], json, terminal }: Operation): Promise<number> => {
  const shown = await queue.show(id);
  if (!shown) {
    terminal.err(`relayctl: no message ${id} in the queue\n`);
    return 1;
  }
  const { record, header, running } = shown;
  const whole = { ...record, header: header.toString('utf8'), running };
  terminal.out(json ? `${JSON.stringify(whole, null, 2)}\n` : renderMessage(record, header));
  return 0;
};

export const showCommand = (terminal: Terminal): Command =>
  working(
    queueOperation('show', 'Show a message: recipients, their delivery status, and the header.').argument(
      '<id>',
      'queue id, as in the 250 reply',
    ),
    terminal,
    show,
  );
