import type { Scalar } from '../../value.ts';

/** What a condition is on all values that a fact can have. */
export interface Judgement {
  /** On some value it is true, or may be. */
  readonly holds: boolean;
  /** On some value it is not true. */
  readonly fails: boolean;
  /** Every value was taken into account. */
  readonly sure: boolean;
}

/** Judges values until it is known that there are both kinds. `true`: holds; `undefined`: depends on something else. */
export const judge = (values: Iterable<Scalar | undefined>, truth: (value: Scalar) => boolean | undefined): Judgement => {
  let holds = false;
  let fails = false;
  for (const value of values) {
    if (value === undefined) return { holds, fails, sure: false };
    const found = truth(value);
    holds ||= found !== false;
    fails ||= found !== true;
    if (holds && fails) break;
  }
  return { holds, fails, sure: true };
};

export const isNever = ({ holds, fails, sure }: Judgement): boolean => sure && fails && !holds;

export const isAlways = ({ holds, fails, sure }: Judgement): boolean => sure && holds && !fails;
