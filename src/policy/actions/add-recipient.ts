import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { onRecipients } from './addressed.ts';
import { addresses } from './form.ts';

export const addRecipient: ActionDefinition = {
  name: 'add_recipient',
  doc: 'Adds envelope recipients, such as an archive; logged. A literal address needs no grant. An address built from a template needs one, as at RCPT: without it the address is not added; if that is unknown, the reply is 451.',
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: onRecipients('add_recipient'),
  examples: [
    {
      on: 'data_post',
      written: { add_recipient: 'archive@example.com' },
      given: {},
      decides: { effects: [{ effect: 'add_recipient', addresses: ['archive@example.com'] }] },
    },
  ],
};
