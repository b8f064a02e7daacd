import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';

export const score: ActionDefinition = {
  name: 'score',
  doc: 'Adds points (negative to subtract) to the sum that later rules read as `score`.',
  hooks: HOOKS,
  argument: { type: 'number', description: 'Points, `2.5`' },
  bare: false,
  compile: (argument) => {
    const points = Number(argument);
    return { does: 'effect', make: () => ({ effect: 'score', points }) };
  },
  examples: [{ on: 'connect', written: { score: 2.5 }, given: {}, decides: { effects: [{ effect: 'score', points: 2.5 }] } }],
};
