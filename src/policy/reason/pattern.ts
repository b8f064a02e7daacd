/*
 * Sets of texts, described as regular expressions do, for reasoning about conditions without running them. A text is a
 * sequence of UTF-16 code units.
 */

/** Code units, both ends included. */
export type Range = readonly [first: number, last: number];

export type Pattern =
  /** One code unit of these. */
  | { readonly is: 'unit'; readonly ranges: readonly Range[] }
  | { readonly is: 'sequence' | 'choice'; readonly parts: readonly Pattern[] }
  /** `most` is `null` for any number of times. */
  | { readonly is: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number | null }
  /** Matches nothing, at the start or end of the text. */
  | { readonly is: 'start' | 'end' };

export const LAST_UNIT = 0xffff;

export const unit = (...ranges: readonly Range[]): Pattern => ({ is: 'unit', ranges });

export const sequence = (...parts: readonly Pattern[]): Pattern => ({ is: 'sequence', parts });

export const choice = (...parts: readonly Pattern[]): Pattern => ({ is: 'choice', parts });

export const repeat = (part: Pattern, least: number, most: number | null): Pattern => ({ is: 'repeat', part, least, most });

export const ANYTHING: Pattern = repeat(unit([0, LAST_UNIT]), 0, null);

/** Only this text. */
export const literal = (text: string): Pattern =>
  sequence(...Array.from({ length: text.length }, (_, at): Pattern => unit([text.charCodeAt(at), text.charCodeAt(at)])));

/** Letters beyond ASCII whose lower-case form is the letter, as a regular expression without case takes them. */
const MORE_FORMS: Readonly<Record<string, number>> = { k: 0x212a, s: 0x17f };

/** One ASCII character in either case. */
export const foldedUnit = (character: string): Pattern => {
  const lower = character.toLowerCase();
  const more = MORE_FORMS[lower];
  const codes = [lower.charCodeAt(0), character.toUpperCase().charCodeAt(0), ...(more === undefined ? [] : [more])];
  return unit(...codes.map((code): Range => [code, code]));
};

/** This text in any mixture of cases; `null` beyond ASCII, where folding is not one to one. */
export const foldedLiteral = (text: string): Pattern | null => (/^[\0-\x7f]*$/.test(text) ? sequence(...[...text].map(foldedUnit)) : null);

/** Every unit but these. */
export const complement = (ranges: readonly Range[]): readonly Range[] => {
  const found: Range[] = [];
  let next = 0;
  for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
    if (first > next) found.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  return next <= LAST_UNIT ? [...found, [next, LAST_UNIT]] : found;
};

/** The choice of all their patterns; `null` if one has none. */
export const anyOf = <T>(items: readonly T[], patternOf: (item: T) => Pattern | null): Pattern | null => {
  const patterns = items.map(patternOf);
  return patterns.every((pattern) => pattern !== null) ? choice(...patterns) : null;
};

/** The same pattern without texts that contain this unit. */
export const without = (pattern: Pattern, code: number): Pattern => {
  switch (pattern.is) {
    case 'unit':
      return unit(...pattern.ranges.flatMap((range) => split(range, code)));
    case 'repeat':
      return { ...pattern, part: without(pattern.part, code) };
    case 'sequence':
    case 'choice':
      return { ...pattern, parts: pattern.parts.map((part) => without(part, code)) };
    default:
      return pattern;
  }
};

const split = ([first, last]: Range, code: number): readonly Range[] => {
  if (code < first || code > last) return [[first, last]];
  const below: readonly Range[] = first < code ? [[first, code - 1]] : [];
  return last > code ? [...below, [code + 1, last]] : below;
};

/** Texts that contain a match. An anchor at either end of the pattern allows nothing before or after it. */
export const foundAnywhere = (pattern: Pattern): Pattern => {
  const parts = pattern.is === 'sequence' ? pattern.parts : [pattern];
  const from = parts[0]?.is === 'start' ? 1 : 0;
  const to = parts.length > from && parts.at(-1)?.is === 'end' ? parts.length - 1 : parts.length;
  const before = from === 0 ? [ANYTHING] : [];
  const behind = to === parts.length ? [ANYTHING] : [];
  return sequence(...before, ...parts.slice(from, to), ...behind);
};

/** Whether it contains an anchor of this kind. */
export const isAnchored = (pattern: Pattern, kind: 'start' | 'end'): boolean => {
  switch (pattern.is) {
    case 'unit':
      return false;
    case 'repeat':
      return isAnchored(pattern.part, kind);
    case 'sequence':
    case 'choice':
      return pattern.parts.some((part) => isAnchored(part, kind));
    default:
      return pattern.is === kind;
  }
};
