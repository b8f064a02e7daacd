import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { addressed, producedFrom, writtenAddress } from './addressed.ts';
import { texts } from './argument.ts';
import { addresses } from './form.ts';

export const addRecipient: ActionDefinition = {
  name: 'add_recipient',
  doc: "Adds envelope recipients, a copy for the archive; noted in the log. An address written out is the author's own decision; one that a template produces needs a grant, as at RCPT: without one it is not added, and 451 where that is unknown.",
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: (argument, context) => {
    const written = texts(argument).map((text) => writtenAddress(text, context));
    return {
      does: 'effect',
      make: (facts) => addressed('add_recipient', producedFrom(written, facts), (to) => ({ effect: 'add_recipient', ...to })),
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
