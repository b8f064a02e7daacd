import type { ActionDefinition } from '../definition.ts';
import { id, oneOrMany } from '../forms/forms.ts';
import { HOOKS } from '../hook.ts';
import { texts } from './argument.ts';

export const skip: ActionDefinition = {
  name: 'skip',
  doc: 'Skips the rules of these groups (`group:`), at this hook and later ones.',
  hooks: HOOKS,
  argument: { ...oneOrMany(id), description: 'One group or several' },
  bare: false,
  compile: (argument) => {
    const groups = texts(argument);
    return { does: 'effect', make: () => ({ effect: 'skip', groups }) };
  },
  examples: [
    { on: 'connect', written: { skip: ['greylisting'] }, given: {}, decides: { effects: [{ effect: 'skip', groups: ['greylisting'] }] } },
  ],
};
