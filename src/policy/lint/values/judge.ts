import type { Scalar } from '../../value.ts';

/** `true`: holds; `undefined`: depends on something else. */
type TruthOf = (value: Scalar) => boolean | undefined;

/** Whether it is certain that the condition holds for none of the values. `undefined` among them: not all could be named. */
export const isNever = (values: Iterable<Scalar | undefined>, truth: TruthOf): boolean =>
  isEvery(values, (value) => truth(value) === false);

/** Whether it is certain that the condition holds for all of the values. */
export const isAlways = (values: Iterable<Scalar | undefined>, truth: TruthOf): boolean =>
  isEvery(values, (value) => truth(value) === true);

/** Stops at the first counterexample. */
const isEvery = (values: Iterable<Scalar | undefined>, test: (value: Scalar) => boolean): boolean => {
  let isEmpty = true;
  for (const value of values) {
    if (value === undefined || !test(value)) return false;
    isEmpty = false;
  }
  return !isEmpty;
};
