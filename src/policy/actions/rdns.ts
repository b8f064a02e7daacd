import type { ActionDefinition } from '../definition.ts';
import { text } from './argument.ts';
import { doubtAbout } from './doubt.ts';

export const rdns: ActionDefinition = {
  name: 'rdns',
  doc: 'Replaces the reverse DNS look-up of the client: `skip` for no name, or the name to use.',
  hooks: ['lookup_rdns'],
  argument: { type: 'string', pattern: '^[^\\s]+$', description: '`skip` or a name' },
  bare: false,
  compile: (argument, { template, exact }) => {
    const written = text(argument);
    if (written === 'skip') return { does: 'effect', make: () => ({ effect: 'rdns', name: null }) };
    const name = template(written);
    const known = exact(written);
    return { does: 'effect', make: (facts) => ({ effect: 'rdns', name: name(facts), ...doubtAbout(known(facts)) }) };
  },
  examples: [
    { on: 'lookup_rdns', written: { rdns: 'skip' }, given: {}, decides: { effects: [{ effect: 'rdns', name: null }] } },
    { on: 'lookup_rdns', written: { rdns: 'app.internal' }, given: {}, decides: { effects: [{ effect: 'rdns', name: 'app.internal' }] } },
  ],
};
