/* The date of a header field, RFC 5322 3.3 with the obsolete forms of 4.3. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours from UTC; any other name says nothing, and counts as UTC (RFC 5322 4.3). */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
]);

const DATE_TIME =
  /^(?:[a-z]{3,9}\s*,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]{1,5})?$/i;

/** Longer than any date with its comments. */
const LONGEST = 200;

/** Epoch milliseconds of a date as a Date field has it; `null` if it is not a date. */
export const parseDateTime = (text: string): number | null => {
  const plain = text
    .slice(0, LONGEST)
    .replace(/\([^()]*\)/g, ' ')
    .trim();
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '0', zone = ''] = DATE_TIME.exec(plain) ?? [];
  const index = MONTHS.indexOf(month.toLowerCase());
  if (index < 0 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  return Date.UTC(fullYear(year), index, Number(day), Number(hour), Number(minute), Number(second)) - offset(zone);
};

/** RFC 5322 4.3: two digits up to 49 are of this century, three count from 1900. */
const fullYear = (year: string): number => Number(year) + (year.length > 3 ? 0 : year.length === 2 && Number(year) < 50 ? 2000 : 1900);

/** Milliseconds that a zone is ahead of UTC. */
const offset = (zone: string): number => {
  const [, sign = '', hours = '', minutes = ''] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  if (sign === '') return (ZONES.get(zone.toLowerCase()) ?? 0) * 3_600_000;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};
