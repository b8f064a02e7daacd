import type { ActionDefinition } from '../definition.ts';
import { SESSION_HOOKS } from '../hook.ts';
import { refuse, replyArgument } from './refusal.ts';

export const reject: ActionDefinition = {
  name: 'reject',
  doc: 'Rejects permanently: the client does not retry. Ends the hook.',
  hooks: SESSION_HOOKS,
  argument: replyArgument('reject'),
  bare: true,
  compile: (argument, context) => refuse(argument, 'reject', context),
  examples: [
    {
      on: 'mail',
      written: { reject: '550 5.1.8 No mail from ${sender.domain}' },
      given: { 'sender.address': 'a@example.com' },
      decides: { verdict: 'reject', code: 550, enhanced: '5.1.8', text: 'No mail from example.com' },
    },
    { on: 'connect', written: 'reject', given: {}, decides: { verdict: 'reject', code: 554, enhanced: '5.7.1' } },
  ],
};
