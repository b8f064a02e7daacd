import { type ActionDefinition, PolicyError } from '../definition.ts';

const AMOUNTS = ['never', 'headers', 'full'] as const;

export const dsn: ActionDefinition = {
  name: 'dsn',
  doc: 'What the sender receives when delivery fails (RFC 3464): nothing, a DSN with the message header, or a DSN with the full message.',
  hooks: ['deferred', 'bounce'],
  argument: { enum: [...AMOUNTS], description: '`never`, `headers` or `full`' },
  bare: false,
  compile: (argument) => {
    const amount = AMOUNTS.find((known) => known === argument);
    if (amount === undefined)
      throw new PolicyError('RLY1104', `dsn cannot be ${JSON.stringify(argument)}`, `Write one of ${AMOUNTS.join(', ')}.`);
    return { does: 'effect', make: () => ({ effect: 'dsn', amount }) };
  },
  examples: [{ on: 'bounce', written: { dsn: 'never' }, given: {}, decides: { effects: [{ effect: 'dsn', amount: 'never' }] } }],
};
