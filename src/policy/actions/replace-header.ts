import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { textAt } from './argument.ts';
import { checkName, fieldArgument, writeField } from './header-field.ts';

export const replaceHeader: ActionDefinition = {
  name: 'replace_header',
  doc: 'Replaces all header fields of that name with one; adds it if there is none.',
  hooks: MESSAGE_HOOKS,
  argument: fieldArgument,
  bare: false,
  several: 'fields',
  compile: (argument, context) => {
    checkName(textAt(argument, 'name'));
    return writeField('replace_header', argument, context);
  },
  examples: [
    {
      on: 'data_post',
      written: { replace_header: { name: 'Subject', value: '[EXT] ${header.subject}' } },
      given: { 'header.subject': ['Hello'] },
      decides: { effects: [{ effect: 'replace_header', name: 'Subject', value: '[EXT] Hello' }] },
    },
    {
      on: 'data_post',
      written: { replace_header: { Subject: 'Hello', 'X-Mailer': 'none' } },
      given: {},
      decides: {
        effects: [
          { effect: 'replace_header', name: 'Subject', value: 'Hello' },
          { effect: 'replace_header', name: 'X-Mailer', value: 'none' },
        ],
      },
    },
  ],
};
