import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import { text } from './argument.ts';
import { line } from './form.ts';

export const log: ActionDefinition = {
  name: 'log',
  doc: 'Writes a line to the decision log.',
  hooks: HOOKS,
  argument: line,
  bare: false,
  compile: (argument, { template }) => {
    const written = template(text(argument));
    return { does: 'effect', make: (facts) => ({ effect: 'log', text: written(facts) }) };
  },
  examples: [
    {
      on: 'connect',
      written: { log: 'from ${client.ip}' },
      given: { 'client.ip': '192.0.2.1' },
      decides: { effects: [{ effect: 'log', text: 'from 192.0.2.1' }] },
    },
  ],
};
