import type { ActionDefinition } from '../definition.ts';
import { addressed, writtenAddress } from './addressed.ts';
import { text } from './argument.ts';
import { address } from './form.ts';

export const rewriteRecipient: ActionDefinition = {
  name: 'rewrite_recipient',
  doc: 'Puts another address in the place of the recipient (at `data_post`, of all recipients), which then needs a grant of its own, as the one the client asked for does; 451 if it is no valid address.',
  hooks: ['rcpt', 'data_post'],
  argument: address,
  bare: false,
  compile: (argument, context) => {
    const written = writtenAddress(text(argument), context);
    return {
      does: 'effect',
      make: (facts) => addressed('rewrite_recipient', written.make(facts), (address) => ({ effect: 'rewrite_recipient', address })),
    };
  },
  examples: [
    {
      on: 'rcpt',
      written: { rewrite_recipient: '${recipient.local}@new.example' },
      given: { 'recipient.address': 'a@old.example' },
      decides: { effects: [{ effect: 'rewrite_recipient', address: 'a@new.example' }] },
    },
  ],
};
