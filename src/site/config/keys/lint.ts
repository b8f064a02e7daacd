import { codes } from '../../../policy/diagnostic-codes.ts';
import { isObject } from '../../../policy/json.ts';
import type { ChosenSeverity } from '../../../policy/lint/silence.ts';
import { keyOf } from '../key.ts';
import { mapping } from '../nested-keys.ts';

const SEVERITIES: readonly ChosenSeverity[] = ['off', 'info', 'warning', 'error'];

const isSeverity = (word: unknown): word is ChosenSeverity => SEVERITIES.some((severity) => severity === word);

/** Codes whose severity a site may change. An error stays one: the site could not run. */
const changeable = Object.entries(codes)
  .filter(([, { severity }]) => severity !== 'error')
  .map(([code]) => code);

const severities = keyOf(
  {
    type: 'object',
    description: 'Severity of findings by code. Errors cannot be changed; a warning raised to `error` keeps the site from loading.',
    default: {},
    properties: Object.fromEntries(changeable.map((code) => [code, { enum: SEVERITIES, description: `Severity of ${code}.` }])),
    additionalProperties: false,
  },
  (value): Readonly<Record<string, ChosenSeverity>> | undefined => {
    if (!isObject(value)) return undefined;
    return Object.fromEntries(Object.entries(value).flatMap(([code, word]) => (isSeverity(word) ? [[code, word]] : [])));
  },
);

export const lint = mapping('What `relayctl lint` reports.', { severities });
