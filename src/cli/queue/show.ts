import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { type Operation, queueOperation, working } from './operation.ts';
import { renderMessage } from './render.ts';

const show = async ({ queue, ids: [id = ''], json, terminal }: Operation): Promise<number> => {
  const shown = await queue.show(id);
  if (!shown) {
    terminal.err(`relayctl: there is no message ${id}\n`);
    return 1;
  }
  const { record, header, running } = shown;
  const whole = { ...record, header: header.toString('utf8'), running };
  terminal.out(json ? `${JSON.stringify(whole, null, 2)}\n` : renderMessage(record, header));
  return 0;
};

export const showCommand = (terminal: Terminal): Command =>
  working(
    queueOperation('show', 'One message: its recipients, what became of each, its header.').argument('<id>', 'as the 250 reply gave it'),
    terminal,
    show,
  );
