import type { ValueType } from './definition.ts';

/** A value type with a fixed set of words; compared without case, written as given here. */
export const vocabulary = (name: string, doc: string, words: readonly string[]): ValueType => {
  const known = new Map(words.map((word) => [word.toLowerCase(), word]));
  return {
    name,
    doc,
    literal: { enum: [...words], description: `One of ${words.map((word) => `\`${word}\``).join(', ')}` },
    normalize: (value) => known.get(String(value).toLowerCase()) ?? null,
    ordered: false,
    textual: false,
    lists: [],
  };
};
