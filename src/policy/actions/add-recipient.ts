import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { addressed, addressesOf } from './addressed.ts';
import { texts } from './argument.ts';
import { addresses } from './form.ts';

export const addRecipient: ActionDefinition = {
  name: 'add_recipient',
  doc: 'Adds envelope recipients, a copy for the archive; noted in the log.',
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: (argument, { exact }) => {
    const written = texts(argument).map(exact);
    return {
      does: 'effect',
      make: (facts) => addressed('add_recipient', addressesOf(written, facts), (addresses) => ({ effect: 'add_recipient', addresses })),
    };
  },
  examples: [
    {
      on: 'data_post',
      written: { add_recipient: 'archive@example.com' },
      given: {},
      decides: { effects: [{ effect: 'add_recipient', addresses: ['archive@example.com'] }] },
    },
  ],
};
