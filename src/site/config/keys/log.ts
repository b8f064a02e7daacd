import { findFact } from '../../../policy/facts/find.ts';
import { facts as definitions } from '../../../policy/facts/index.ts';
import { didYouMean } from '../../../policy/suggest.ts';
import { type Key, optional } from '../key.ts';
import { mapping, several } from '../nested-keys.ts';
import { choice, flag, path, text } from '../scalar-keys.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const fact: Key<string> = text('Name of a fact, such as `auth.user` or `header.subject`.', {}, (value) =>
  findFact(String(value)) === null
    ? [
        {
          path: [],
          code: 'RLY5001',
          finding: {
            message: `There is no fact ${String(value)}`,
            help: didYouMean(String(value), definitions.keys(), 'The reference lists all facts.'),
          },
        },
      ]
    : [],
);

const facts = mapping(
  'What each transaction was judged by is written to the decision log as well, for `relayctl replay`. Left out, it is not.',
  {
    header: flag('Include the header of each message.', true),
    omit: several('Facts that are left out, personal data for example. A replay treats them as unknown.', fact, { default: [] }),
  },
);

export const log = mapping('What is logged.', {
  level: choice('Least severity that is logged to stderr.', LEVELS, { default: 'info' }),
  decisions: optional(path('File of the decision log, one JSON object per line. Left out, none is kept.')),
  facts: optional(facts),
});
