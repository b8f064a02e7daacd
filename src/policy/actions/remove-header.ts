import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { text } from './argument.ts';
import { headerName } from './form.ts';

export const removeHeader: ActionDefinition = {
  name: 'remove_header',
  doc: 'Removes all header fields of that name.',
  hooks: MESSAGE_HOOKS,
  argument: headerName,
  bare: false,
  compile: (argument) => {
    const name = text(argument);
    return { does: 'effect', make: () => ({ effect: 'remove_header', name }) };
  },
  examples: [
    {
      on: 'queue',
      written: { remove_header: 'X-Mailer' },
      given: {},
      decides: { effects: [{ effect: 'remove_header', name: 'X-Mailer' }] },
    },
  ],
};
