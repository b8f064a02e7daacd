import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { textAt } from './argument.ts';
import { checkMayBeAdded, fieldArgument, writeField } from './header-field.ts';

export const addHeader: ActionDefinition = {
  name: 'add_header',
  doc: 'Adds a header field, even if one of that name exists.',
  hooks: MESSAGE_HOOKS,
  argument: fieldArgument,
  bare: false,
  several: 'fields',
  compile: (argument, context) => {
    checkMayBeAdded(textAt(argument, 'name'));
    return writeField('add_header', argument, context);
  },
  examples: [
    {
      on: 'data_post',
      written: { add_header: { name: 'X-Score', value: '${score}' } },
      given: { score: 3 },
      decides: { effects: [{ effect: 'add_header', name: 'X-Score', value: '3' }] },
    },
    {
      on: 'data_post',
      written: { add_header: { 'X-Gate': 'yes', 'X-Client': '${client.ip}' } },
      given: { 'client.ip': '192.0.2.1' },
      decides: {
        effects: [
          { effect: 'add_header', name: 'X-Gate', value: 'yes' },
          { effect: 'add_header', name: 'X-Client', value: '192.0.2.1' },
        ],
      },
    },
  ],
};
