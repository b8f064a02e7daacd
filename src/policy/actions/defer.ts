import type { ActionDefinition } from '../definition.ts';
import { SESSION_HOOKS } from '../hook.ts';
import { refuse, replyArgument } from './refusal.ts';

export const defer: ActionDefinition = {
  name: 'defer',
  doc: 'Rejects temporarily: the client retries later. Ends the hook.',
  hooks: SESSION_HOOKS,
  argument: replyArgument('defer'),
  bare: true,
  compile: (argument, context) => refuse(argument, 'defer', context),
  examples: [
    {
      on: 'mail',
      written: { defer: '451 4.7.1 Slow down' },
      given: {},
      decides: { verdict: 'defer', code: 451, enhanced: '4.7.1', text: 'Slow down', disconnect: false },
    },
    { on: 'data', written: { defer: 421 }, given: {}, decides: { verdict: 'defer', code: 421, enhanced: '4.7.0', disconnect: true } },
  ],
};
