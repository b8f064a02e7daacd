import type { ActionDefinition } from '../definition.ts';
import { addressed, writtenAddress } from './addressed.ts';
import { text } from './argument.ts';
import { address } from './form.ts';

export const rewriteSender: ActionDefinition = {
  name: 'rewrite_sender',
  doc: 'Replaces the envelope sender; 451 if the address is invalid.',
  hooks: ['mail', 'rcpt', 'data_post'],
  argument: address,
  bare: false,
  compile: (argument, context) => {
    const written = writtenAddress(text(argument), context);
    return {
      does: 'effect',
      make: (facts) => addressed('rewrite_sender', written.make(facts), (address) => ({ effect: 'rewrite_sender', address })),
    };
  },
  examples: [
    {
      on: 'mail',
      written: { rewrite_sender: 'bounces+${sender.local}@example.com' },
      given: { 'sender.address': 'a@example.net' },
      decides: { effects: [{ effect: 'rewrite_sender', address: 'bounces+a@example.com' }] },
    },
  ],
};
