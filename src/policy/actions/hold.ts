import type { ActionDefinition } from '../definition.ts';
import { milliseconds } from './argument.ts';
import { duration } from './form.ts';

/** Longer than any sensible lifetime in the queue: beyond it a hold is a typing error. */
const LONGEST = '30d';

export const hold: ActionDefinition = {
  name: 'hold',
  doc: 'Delays the next delivery attempt by at least this time. At `get_mx`, the attempt is neither made nor counted: `attempt` stays 1, so test `age` to see how long the message has waited.',
  hooks: ['get_mx', 'deferred'],
  argument: duration,
  bare: false,
  compile: (argument) => {
    const wait = milliseconds(argument, LONGEST);
    return { does: 'effect', make: () => ({ effect: 'hold', milliseconds: wait }) };
  },
  examples: [{ on: 'deferred', written: { hold: '10m' }, given: {}, decides: { effects: [{ effect: 'hold', milliseconds: 600_000 }] } }],
};
