import { parseDateTime } from '../date-time.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { duration } from '../types/duration.ts';
import { type FactSource, isCollection, Unknown } from '../value.ts';

const common = {
  provider: 'derived',
  type: duration,
  collection: false,
  from: 'data_post',
  hooks: ['data_post', 'queue'],
  lifetime: 'transaction',
} as const;

const NOW = 'Mon, 2 Mar 2026 12:00:00 +0000';

/** Milliseconds from the Date field to now, negative where it lies ahead; `null` without a date that can be read. */
const age = (given: FactSource): number | Unknown | null | undefined => {
  const dates = given.get('header.date');
  const now = given.get('time.rfc5322');
  if (dates === undefined || dates === null || dates instanceof Unknown) return dates;
  const written = parseDateTime(String(isCollection(dates) ? dates[0] : dates));
  const at = typeof now === 'string' ? parseDateTime(now) : null;
  return written === null || at === null ? null : at - written;
};

const notBelowZero = (value: ReturnType<typeof age>): ReturnType<typeof age> => (typeof value === 'number' ? Math.max(0, value) : value);

const negative = (value: ReturnType<typeof age>): ReturnType<typeof age> => (typeof value === 'number' ? -value : value);

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'message.date',
    doc: 'Age of the message according to its Date field; 0 if that is in the future. Absent without a valid Date field (RFC 5322 3.3).',
    example: {
      when: { 'message.date': { gt: '7d' } },
      given: { 'header.date': ['Sun, 1 Feb 2026 12:00:00 +0000'], 'time.rfc5322': NOW },
      holds: true,
    },
    derive: (given) => notBelowZero(age(given)),
  },
  {
    ...common,
    name: 'message.date_ahead',
    doc: 'How far the Date field is ahead of the clock of the relay; 0 if it is not. Absent without a valid Date field.',
    example: {
      when: { 'message.date_ahead': { gt: '1h' } },
      given: { 'header.date': ['Mon, 2 Mar 2026 12:30:00 +0000'], 'time.rfc5322': NOW },
      holds: false,
    },
    derive: (given) => notBelowZero(negative(age(given))),
  },
];
