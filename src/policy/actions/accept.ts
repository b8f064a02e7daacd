import type { ActionDefinition } from '../definition.ts';
import { SESSION_HOOKS } from '../hook.ts';
import { yes } from './form.ts';

export const accept: ActionDefinition = {
  name: 'accept',
  doc: 'Ends the hook; none of its later rules run. Grants nothing: only a grant lets mail through.',
  hooks: SESSION_HOOKS,
  argument: yes,
  bare: true,
  compile: () => ({ does: 'verdict', verdict: 'accept', make: () => ({ verdict: 'accept' }) }),
  examples: [{ on: 'helo', written: 'accept', given: {}, decides: { verdict: 'accept' } }],
};
