import { not, type Truth } from '../truth.ts';
import type { Key, Test } from './test.ts';
import type { View } from './view.ts';

/*
 * all, any, none and not. Parts that cost nothing are asked first, so that a look-up is made only when
 * the rest leaves the question open. After an unknown the other parts are still asked: one of them may
 * decide, and look-ups that are missing are then all noted at once and made side by side.
 */

/** Holds when every part holds. Of no parts at all, it holds. */
export const allOf = (parts: readonly Test[]): Test => conjunction(cheapFirst(parts), false);

/** Holds when one part holds. Of no parts at all, it does not. */
export const anyOf = (parts: readonly Test[]): Test => conjunction(cheapFirst(parts), true);

export const noneOf = (parts: readonly Test[]): Test => negation(anyOf(parts));

export const negation = (part: Test): Test => ({ ...part, truth: (view) => not(part.truth(view)), keys: [] });

/** `decides` is the truth of one part that decides the whole: false for all, true for any. */
const conjunction = (parts: readonly Test[], decides: boolean): Test => {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const tests = parts.map((part) => part.truth);
  const truth = (view: View): Truth => {
    let whole: Truth = !decides;
    for (const test of tests) {
      const one = test(view);
      if (one === decides) return decides;
      if (one === undefined) whole = undefined;
    }
    return whole;
  };
  return {
    truth,
    why: (view) => reasons(parts, truth(view), view),
    asks: [...new Set(parts.flatMap((part) => part.asks))],
    costly: parts.some((part) => part.costly),
    keys: decides ? eitherKey(parts) : parts.flatMap((part) => part.keys).slice(0, MOST_KEYS),
  };
};

/** Only what agrees with the outcome explains it. */
const reasons = (parts: readonly Test[], outcome: Truth, view: View): readonly string[] =>
  parts.filter((part) => part.truth(view) === outcome).flatMap((part) => part.why(view));

const cheapFirst = (parts: readonly Test[]): readonly Test[] => [...parts].sort((a, b) => Number(a.costly) - Number(b.costly));

/** Of many conditions that must all hold, as many as the index chooses from. */
const MOST_KEYS = 8;

/** One of the parts holds, so one of their keys is met, if each has one: the shortest of each. */
const eitherKey = (parts: readonly Test[]): readonly Key[] => {
  const keys = parts.map((part) => [...part.keys].sort((a, b) => a.length - b.length)[0] ?? null);
  return keys.length > 0 && keys.every((key) => key !== null) ? [keys.flat()] : [];
};
