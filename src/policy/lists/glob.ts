import { Minimatch } from 'minimatch';
import type { ListDefinition } from '../definition.ts';
import { addEntries, compiledList } from './faults.ts';

/*
 * The one place that uses minimatch, which was made for paths. Here only `*` and `?` are special, so every
 * other character that means something in a path pattern is exchanged, in pattern and value alike, with one
 * of the private use area. An exchange goes both ways: two texts that differ still differ. A letter put in
 * front of both keeps a leading `.`, `!` or `#` and the empty value from being anything special.
 */

const SPECIAL = '/\\.[]{}()!+@#|,^-$';
const FIRST_PRIVATE = 0xe000;

const exchanged = new Map<string, string>();
[...SPECIAL].forEach((character, index) => {
  const other = String.fromCharCode(FIRST_PRIVATE + index);
  exchanged.set(character, other);
  exchanged.set(other, character);
});

const EXCHANGED = /[/\\.[\]{}()!+@#|,^\-$\ue000-\ue012]/g;

const disguise = (text: string): string =>
  `x${text.toLowerCase().replace(EXCHANGED, (character) => exchanged.get(character) ?? character)}`;

/** Wildcards beyond this many `*` make no sense in an address. */
const MAX_STARS = 16;

/** What is wrong with a glob, or `null`. */
export const globFault = (pattern: string): string | null => {
  if (pattern === '') return 'an empty glob matches nothing';
  return pattern.replace(/\*+/g, '*').split('*').length - 1 > MAX_STARS
    ? `\`${pattern}\` has more than ${MAX_STARS} wildcards \`*\``
    : null;
};

/** Tests a whole value, without case: `*` is any text, `?` any one character, all else itself. */
export const compileGlob = (pattern: string): ((value: string) => boolean) => {
  const matcher = new Minimatch(disguise(pattern).replace(/\*+/g, '*'), {
    dot: true,
    nobrace: true,
    nocomment: true,
    noext: true,
    noglobstar: true,
    nonegate: true,
    optimizationLevel: 0,
    platform: 'linux',
  });
  return (value) => matcher.match(disguise(value));
};

export const glob: ListDefinition = {
  name: 'glob',
  doc: 'Patterns for whole values, without case: `*` is any text, `?` any one character, everything else is itself.',
  example: {
    entries: ['*@example.com', 'news-?@*'],
    has: ['a/b@example.com', '.a@example.com', 'NEWS-1@example.org'],
    lacks: ['a@example.com.example.org', 'news-12@example.org'],
  },
  compile: (entries) => {
    const matchers: ((value: string) => boolean)[] = [];
    const faults = addEntries(entries, (entry) => {
      const fault = globFault(entry);
      if (fault === null) matchers.push(compileGlob(entry));
      return fault;
    });
    const has = (value: unknown): boolean => matchers.some((matches) => matches(String(value)));
    return compiledList({ type: 'glob', has }, entries, faults);
  },
};
