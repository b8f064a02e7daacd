import type { ActionDefinition } from '../definition.ts';
import { WAITING_HOOKS } from '../hook.ts';
import { milliseconds } from './argument.ts';
import { duration } from './form.ts';

/** RFC 5321 4.5.3.2: clients wait five minutes for most replies. */
const LONGEST = '5m';

export const tarpit: ActionDefinition = {
  name: 'tarpit',
  doc: `Delays the reply, at most ${LONGEST}; only this session waits.`,
  hooks: WAITING_HOOKS,
  argument: duration,
  bare: false,
  compile: (argument) => {
    const wait = milliseconds(argument, LONGEST);
    return { does: 'effect', make: () => ({ effect: 'tarpit', milliseconds: wait }) };
  },
  examples: [{ on: 'mail', written: { tarpit: '5s' }, given: {}, decides: { effects: [{ effect: 'tarpit', milliseconds: 5000 }] } }],
};
