import type { ActionDefinition } from '../definition.ts';
import { text } from './argument.ts';

export const rdns: ActionDefinition = {
  name: 'rdns',
  doc: 'Replaces the reverse look-up of the client: `skip` for no name, or the name it is to have.',
  hooks: ['lookup_rdns'],
  argument: { type: 'string', pattern: '^[^\\s]+$', description: '`skip` or a name' },
  bare: false,
  compile: (argument, { template }) => {
    const written = text(argument);
    const name = template(written);
    return { does: 'effect', make: (facts) => ({ effect: 'rdns', name: written === 'skip' ? null : name(facts) }) };
  },
  examples: [
    { on: 'lookup_rdns', written: { rdns: 'skip' }, given: {}, decides: { effects: [{ effect: 'rdns', name: null }] } },
    { on: 'lookup_rdns', written: { rdns: 'app.internal' }, given: {}, decides: { effects: [{ effect: 'rdns', name: 'app.internal' }] } },
  ],
};
