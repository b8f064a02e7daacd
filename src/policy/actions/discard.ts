import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { yes } from './form.ts';

export const discard: ActionDefinition = {
  name: 'discard',
  doc: 'Replies 250 and drops the message. Ends the hook.',
  hooks: MESSAGE_HOOKS,
  argument: yes,
  bare: true,
  compile: () => ({ does: 'verdict', verdict: 'discard', make: () => ({ verdict: 'discard' }) }),
  examples: [{ on: 'data_post', written: 'discard', given: {}, decides: { verdict: 'discard' } }],
};
