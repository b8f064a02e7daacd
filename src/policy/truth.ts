/**
 * Kleene's strong three-valued logic. `undefined` is unknown: it could not be found out, so it is
 * neither, and only what does not depend on it is decided.
 */
export type Truth = true | false | undefined;

export const not = (a: Truth): Truth => (a === undefined ? undefined : !a);

export const and = (a: Truth, b: Truth): Truth => {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
};

export const or = (a: Truth, b: Truth): Truth => not(and(not(a), not(b)));

/** The word a trace uses. */
export const truthName = (truth: Truth): 'true' | 'false' | 'unknown' => (truth === undefined ? 'unknown' : truth ? 'true' : 'false');
