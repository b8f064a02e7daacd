import type { ActionDefinition, ExactTemplate } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import type { Json } from '../json.ts';
import type { Scalar } from '../value.ts';
import { mapping, text } from './argument.ts';

export const set: ActionDefinition = {
  name: 'set',
  doc: 'Sets values that later rules read as `result.<name>`: text with `${fact}`, numbers, true or false.',
  hooks: HOOKS,
  argument: {
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$', description: 'A name: letters, digits, `-` and `_`' },
    additionalProperties: { type: ['string', 'number', 'boolean'], description: 'Text, a number or true/false' },
    minProperties: 1,
    description: '`{name: value}`',
  },
  bare: false,
  compile: (argument, { exact }) => {
    const valueFrom = (written: Json, name: string): ExactTemplate | Scalar =>
      typeof written === 'number' || typeof written === 'boolean' ? written : exact(text(written, [name]));
    const values = Object.entries(mapping(argument)).map(([name, written]) => [name, valueFrom(written, name)] as const);
    return {
      does: 'effect',
      make: (facts) => ({
        effect: 'set',
        values: Object.fromEntries(values.map(([name, value]) => [name, typeof value === 'function' ? value(facts) : value])),
      }),
    };
  },
  examples: [
    {
      on: 'mail',
      written: { set: { tenant: '${sender.domain}', risk: 2 } },
      given: { 'sender.address': 'a@example.com' },
      decides: { effects: [{ effect: 'set', values: { tenant: 'example.com', risk: 2 } }] },
    },
  ],
};
