import type { ActionDefinition } from '../definition.ts';
import { oneOrMany } from '../forms/forms.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { text } from './argument.ts';
import { headerName } from './form.ts';

export const removeHeader: ActionDefinition = {
  name: 'remove_header',
  doc: 'Removes all header fields of that name, or of those names.',
  hooks: MESSAGE_HOOKS,
  argument: { ...oneOrMany(headerName), description: `${headerName.description}, or several in brackets` },
  bare: false,
  several: 'entries',
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
    {
      on: 'queue',
      written: { remove_header: ['X-Mailer', 'X-Originating-IP'] },
      given: {},
      decides: {
        effects: [
          { effect: 'remove_header', name: 'X-Mailer' },
          { effect: 'remove_header', name: 'X-Originating-IP' },
        ],
      },
    },
  ],
};
