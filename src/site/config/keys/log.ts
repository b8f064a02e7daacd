import { optional } from '../key.ts';
import { mapping } from '../nested-keys.ts';
import { choice, path } from '../scalar-keys.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export const log = mapping('What is logged.', {
  level: choice('Least severity that is logged to stderr.', LEVELS, { default: 'info' }),
  decisions: optional(path('File of the decision log, one JSON object per line. Left out, none is kept.')),
});
