import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { addressed, producedFrom, writtenAddress } from './addressed.ts';
import { texts } from './argument.ts';
import { addresses } from './form.ts';

export const redirectTo: ActionDefinition = {
  name: 'redirect_to',
  doc: "Puts these recipients in the place of all envelope recipients; noted in the log. An address written out is the author's own decision; one that a template produces needs a grant, as at RCPT: without one the message is refused with 550 5.7.1, and with 451 where that is unknown or the address is invalid.",
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: (argument, context) => {
    const written = texts(argument).map((text) => writtenAddress(text, context));
    return {
      does: 'effect',
      make: (facts) => addressed('redirect_to', producedFrom(written, facts), (to) => ({ effect: 'redirect_to', ...to })),
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
