import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import { texts } from './argument.ts';
import { lines } from './form.ts';

export const tag: ActionDefinition = {
  name: 'tag',
  doc: 'Adds tags, which later rules read as the set `tag`.',
  hooks: HOOKS,
  argument: lines,
  bare: false,
  compile: (argument, { exact }) => {
    const tags = texts(argument).map(exact);
    return { does: 'effect', make: (facts) => ({ effect: 'tag', tags: tags.map((one) => one(facts)) }) };
  },
  examples: [
    { on: 'helo', written: { tag: ['bulk', 'new'] }, given: {}, decides: { effects: [{ effect: 'tag', tags: ['bulk', 'new'] }] } },
  ],
};
