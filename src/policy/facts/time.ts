import { parseDateTime } from '../date-time.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { whole } from '../possible.ts';
import { number } from '../types/number.ts';
import { string } from '../types/string.ts';
import { weekday } from '../types/weekday.ts';

const common = { provider: 'session', collection: false, from: 'connect_init', lifetime: 'transaction' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'time.hour',
    type: number,
    doc: 'Hour of the day, 0 to 23, in the time zone of the relay.',
    possible: whole(0, 23),
    example: { when: { 'time.hour': { gte: 22 } }, given: { 'time.hour': 23 }, holds: true },
  },
  {
    ...common,
    name: 'time.weekday',
    type: weekday,
    doc: 'Day of the week, `mon` to `sun`, in the time zone of the relay.',
    example: { when: { 'time.weekday': ['sat', 'sun'] }, given: { 'time.weekday': 'sun' }, holds: true },
  },
  {
    ...common,
    name: 'time.rfc5322',
    type: string,
    doc: 'Date and time in the format of RFC 5322 3.3, in UTC, for a Date field that a rule adds.',
    possible: { doc: 'Such as `Mon, 2 Mar 2026 12:00:00 +0000`.', test: (value) => parseDateTime(String(value)) !== null },
    example: {
      when: { 'time.rfc5322': { ends_with: ' 2026 12:00:00 +0000' } },
      given: { 'time.rfc5322': 'Mon, 2 Mar 2026 12:00:00 +0000' },
      holds: true,
    },
  },
];
