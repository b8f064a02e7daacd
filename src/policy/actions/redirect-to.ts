import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { addressed, addressesOf } from './addressed.ts';
import { texts } from './argument.ts';
import { addresses } from './form.ts';

export const redirectTo: ActionDefinition = {
  name: 'redirect_to',
  doc: 'Puts these recipients in the place of all envelope recipients; noted in the log.',
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: (argument, { exact }) => {
    const written = texts(argument).map(exact);
    return {
      does: 'effect',
      make: (facts) => addressed('redirect_to', addressesOf(written, facts), (addresses) => ({ effect: 'redirect_to', addresses })),
    };
  },
  examples: [
    {
      on: 'data_post',
      written: { redirect_to: 'review@example.com' },
      given: {},
      decides: { effects: [{ effect: 'redirect_to', addresses: ['review@example.com'] }] },
    },
  ],
};
