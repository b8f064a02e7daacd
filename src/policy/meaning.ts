import type { Prefix } from './ip.ts';
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
