/** `10m`, `1h30m`, `500ms`: one or more numbers with a unit, largest first by custom, any order by grammar. */
export const DURATION_PATTERN = '^(?:\\d{1,9}(?:ms|s|m|h|d|w))+$';

/** `25MiB`, `10MB`, `10kB`, `4096`: powers of 1024 with an i, of 1000 without; letter case is ignored. */
export const SIZE_PATTERN = '^\\d{1,15}(?:\\.\\d{1,3})? ?(?:[Bb]|[KMGTkmgt][Ii]?[Bb]?)?$';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  KI: 2 ** 10,
  MI: 2 ** 20,
  GI: 2 ** 30,
  TI: 2 ** 40,
};

const DURATION = new RegExp(DURATION_PATTERN);
const SIZE = new RegExp(SIZE_PATTERN, 'i');

/** Milliseconds of a duration as written; `null` if it is not a duration. */
export const parseDuration = (text: string): number | null => {
  if (!DURATION.test(text)) return null;
  let total = 0;
  for (const [, digits = '', unit = ''] of text.matchAll(/(\d+)([a-z]+)/g)) total += Number(digits) * (MILLISECONDS[unit] ?? 0);
  return total;
};

/** Bytes of a size as written, rounded to whole ones; `null` if it is not a size. */
export const parseSize = (text: string): number | null => {
  if (!SIZE.test(text)) return null;
  const [, digits = '', unit = ''] = /^([\d.]+) ?([a-z]*)$/i.exec(text) ?? [];
  const factor = BYTES[unit.toUpperCase().replace(/B$/, '')];
  return factor === undefined ? null : Math.round(Number(digits) * factor);
};
