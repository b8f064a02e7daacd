import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { yes } from './form.ts';

export const discard: ActionDefinition = {
  name: 'discard',
  doc: 'Answers 250 and delivers to nobody. Ends the hook.',
  hooks: MESSAGE_HOOKS,
  argument: yes,
  bare: true,
  compile: () => ({ does: 'verdict', verdict: 'discard', make: () => ({ verdict: 'discard' }) }),
  examples: [{ on: 'data_post', written: 'discard', given: {}, decides: { verdict: 'discard' } }],
};
