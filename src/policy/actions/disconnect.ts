import type { ActionDefinition } from '../definition.ts';
import { SESSION_HOOKS } from '../hook.ts';
import { yes } from './form.ts';

export const disconnect: ActionDefinition = {
  name: 'disconnect',
  doc: 'Closes the connection after the reply of `reject` or `defer`; on its own, with 421.',
  hooks: SESSION_HOOKS,
  argument: yes,
  bare: true,
  compile: () => ({ does: 'disconnect' }),
  examples: [
    { on: 'connect', written: 'disconnect', given: {}, decides: { verdict: 'disconnect' } },
    { on: 'helo', written: { reject: '550', disconnect: true }, given: {}, decides: { verdict: 'reject', code: 550, disconnect: true } },
  ],
};
