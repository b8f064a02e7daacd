import type { Span } from '../diagnostic.ts';
import { isArray, isObject, type Json } from '../json.ts';
import type { Located } from '../syntax.ts';

/** The elements of a sequence, each with its place; none where there is no sequence. */
export const elements = (located: Located): readonly Located[] =>
  isArray(located.value) ? located.value.map((_, index) => located.below([index])) : [];

/** One or many, as authors may write it. */
export const oneOrMany = (located: Located): readonly Located[] => (isArray(located.value) ? elements(located) : [located]);

/** The entries of a mapping in the order written; none where there is no mapping. */
export const entries = (located: Located): readonly (readonly [string, Located])[] =>
  isObject(located.value) ? Object.keys(located.value).map((key) => [key, located.below([key])] as const) : [];

/** The value of `key` in a mapping, if it was written. */
export const entry = (located: Located, key: string): Located | null =>
  isObject(located.value) && Object.hasOwn(located.value, key) ? located.below([key]) : null;

export const textOf = (located: Located | null): string | null => (typeof located?.value === 'string' ? located.value : null);

export const numberOf = (located: Located | null): number | null => (typeof located?.value === 'number' ? located.value : null);

/** Key and value together, where there is a key. */
export const entrySpan = (located: Located): Span => {
  const key = located.spanOf([], 'key');
  const { endLine, endColumn } = located.at;
  return { ...key, endLine, endColumn };
};

/** The same place with another value: a name without an argument, a mapping without some of its keys. */
export const withValue = (located: Located, value: Json): Located => ({
  value,
  at: located.at,
  spanOf: (path, part) => located.spanOf(path, part),
  within: (path, range) => located.within(path, range),
  sourceOf: (path, part) => located.sourceOf(path, part),
  linesOf: (path) => located.linesOf(path),
  below: (path) => located.below(path),
});

/** A mapping without the keys that have been dealt with. */
export const except = (located: Located, keys: readonly string[]): Located =>
  withValue(located, Object.fromEntries(entries(located).flatMap(([key, part]) => (keys.includes(key) ? [] : [[key, part.value]]))));
