import { Minimatch } from 'minimatch';
import type { ListDefinition } from '../definition.ts';
import { normalAddressPart, normalDomainPart } from '../mailbox.ts';
import { anyMeaning, endOf, type Meaning, startOf } from '../meaning.ts';
import { ANYTHING, anyOf, foldedLiteral, LAST_UNIT, type Pattern, sequence, unit } from '../reason/pattern.ts';
import { addEntries, compiledList } from './faults.ts';

/*
 * The one place that uses minimatch, which was made for paths. Here only `*` and `?` are special, so every
 * other character that means something in a path pattern is replaced, in pattern and value alike, by a
 * noncharacter (Unicode 23.7), which no text holds; one that holds it all the same has U+FFFD there. A letter
 * put in front of both keeps a leading `!` or `#` and the empty value from being anything special.
 */

const SPECIAL = '/\\.[]{}()!+@#|,^-$';
const FIRST_NONCHARACTER = 0xfdd0;

const replacements = new Map([...SPECIAL].map((character, index) => [character, String.fromCharCode(FIRST_NONCHARACTER + index)]));

const REPLACED = /[/\\.[\]{}()!+@#|,^\-$\ufdd0-\ufdef]/g;

const disguise = (text: string): string =>
  `x${text.toLowerCase().replace(REPLACED, (character) => replacements.get(character) ?? '\ufffd')}`;

/** Wildcards beyond this many `*` make no sense in an address. */
const MAX_STARS = 16;

/** Longer than any address, and far shorter than minimatch takes. */
const MAX_CHARACTERS = 4096;

/** What is wrong with a glob, or `null`. */
export const globFault = (pattern: string): string | null => {
  if (pattern === '') return 'an empty glob matches nothing';
  if (pattern.length > MAX_CHARACTERS) return `a glob of more than ${MAX_CHARACTERS} characters fits no value`;
  return pattern.replace(/\*+/g, '*').split('*').length - 1 > MAX_STARS
    ? `\`${pattern}\` has more than ${MAX_STARS} wildcards \`*\``
    : null;
};

const OPTIONS = {
  dot: true,
  nobrace: true,
  nocomment: true,
  noext: true,
  noglobstar: true,
  nonegate: true,
  optimizationLevel: 0,
  platform: 'linux',
} as const;

/**
 * Tests a whole value, without case: `*` is any text, `?` any one character, all else itself.
 * Every pattern that `globFault` passes can be compiled, which is done when the first value comes: most rules of a large
 * site never see one.
 */
export const compileGlob = (pattern: string): ((value: string) => boolean) => {
  let matcher: Minimatch | null = null;
  return (value) => {
    matcher ??= new Minimatch(disguise(pattern).replace(/\*+/g, '*'), OPTIONS);
    return matcher.match(disguise(value));
  };
};

const UNFIT = /[\ufdd0-\ufdef\ufffd]/;

/** How every value begins or ends that fits: the longer of what stands in front of the first wildcard and behind the last. */
export const globMeaning = (pattern: string): Meaning | null => {
  const lower = pattern.toLowerCase();
  if (UNFIT.test(lower)) return null;
  const parts = lower.split(/[*?]/);
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (first === '' && last === '') return null;
  return first.length >= last.length ? startOf(first, true) : endOf(last, true);
};

/** Exactly the values that fit; `null` beyond ASCII. */
export const globPattern = (glob: string): Pattern | null => {
  const parts = [...glob.replace(/\*+/g, '*')].map((one) =>
    one === '*' ? ANYTHING : one === '?' ? unit([0, LAST_UNIT]) : foldedLiteral(one),
  );
  return parts.every((part) => part !== null) ? sequence(...parts) : null;
};

/** A list does not know whether domains will be looked for in it, so U-labels stand for themselves and for their A-labels. */
const formsOf = (entry: string): readonly string[] => {
  const labels = entry.includes('@') ? normalAddressPart(entry) : normalDomainPart(entry);
  return labels === entry.toLowerCase() ? [entry] : [entry, labels];
};

export const glob: ListDefinition = {
  name: 'glob',
  doc: 'Patterns for whole values, case-insensitive: `*` matches any text, `?` any one character, everything else itself.',
  example: {
    entries: ['*@example.com', 'news-?@*', '*.bücher.example'],
    has: ['a/b@example.com', '.a@example.com', 'NEWS-1@example.org', 'mx.xn--bcher-kva.example'],
    lacks: ['a@example.com.example.org', 'news-12@example.org'],
  },
  means: (entry) => anyMeaning(formsOf(entry), globMeaning),
  pattern: (entry) => anyOf(formsOf(entry), globPattern),
  compile: (entries) => {
    const matchers: ((value: string) => boolean)[] = [];
    const faults = addEntries(entries, (entry) => {
      const fault = globFault(entry);
      if (fault === null) matchers.push(...formsOf(entry).map(compileGlob));
      return fault;
    });
    const has = (value: unknown): boolean => matchers.some((matches) => matches(String(value)));
    return compiledList({ type: 'glob', has }, entries, faults);
  },
};
