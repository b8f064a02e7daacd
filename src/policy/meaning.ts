import type { Prefix } from './ip.ts';
import { ANYTHING, anyOf, literal, type Pattern, sequence } from './reason/pattern.ts';
import type { Scalar } from './value.ts';

/*
 * What an operand says about values, apart from the code that tests them. A meaning is necessary, not always
 * sufficient: a value for which the operator holds has it, one that has it may still fail the operator. Whatever
 * reasons about policies without running them (the rule index) reasons with these.
 */

export type Meaning =
  /** It is this value, in the normal form of its type. */
  | { readonly means: 'value'; readonly value: Scalar }
  /** It begins or ends with this text; `folded`: when both are lower-case. */
  | { readonly means: 'start' | 'end'; readonly text: string; readonly folded: boolean }
  /** It is an address of this network. */
  | { readonly means: 'network'; readonly network: Prefix }
  /** It is in this list. */
  | { readonly means: 'list'; readonly name: string; readonly has: (value: Scalar) => boolean };

export const exactly = (value: Scalar): Meaning => ({ means: 'value', value });

export const startOf = (text: string, folded = false): Meaning => ({ means: 'start', text, folded });

export const endOf = (text: string, folded = false): Meaning => ({ means: 'end', text, folded });

/** All of them together; `null` as soon as one cannot be told, for then any value may be meant. */
export const anyMeaning = <T>(items: readonly T[], meaningOf: (item: T) => Meaning | null): readonly Meaning[] | null => {
  const meanings = items.map(meaningOf);
  return meanings.every((meaning) => meaning !== null) ? meanings : null;
};

/** The texts that have one of these meanings; `null` where that cannot be told of a text. */
export const meaningsPattern = (meanings: readonly Meaning[] | null): Pattern | null =>
  meanings === null ? null : anyOf(meanings, patternOf);

const patternOf = (meaning: Meaning): Pattern | null => {
  switch (meaning.means) {
    case 'value':
      return literal(String(meaning.value));
    case 'start':
      return meaning.folded ? null : sequence(literal(meaning.text), ANYTHING);
    case 'end':
      return meaning.folded ? null : sequence(ANYTHING, literal(meaning.text));
    default:
      return null;
  }
};
