import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { onRecipients } from './addressed.ts';
import { addresses } from './form.ts';

export const redirectTo: ActionDefinition = {
  name: 'redirect_to',
  doc: 'Replaces all envelope recipients with these; logged. A literal address needs no grant. An address built from a template needs one, as at RCPT: without it the message is refused with 550 5.7.1; if that is unknown or the address is invalid, with 451.',
  hooks: MESSAGE_HOOKS,
  argument: addresses,
  bare: false,
  compile: onRecipients('redirect_to'),
  examples: [
    {
      on: 'data_post',
      written: { redirect_to: 'review@example.com' },
      given: {},
      decides: { effects: [{ effect: 'redirect_to', addresses: ['review@example.com'] }] },
    },
  ],
};
