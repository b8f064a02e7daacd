/** There at once, or later: what is there at once costs no turn of the event loop. */
export type Eventually<T> = T | Promise<T>;

/** `next` with the value, as soon as it is there. */
export const after = <T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** The value, or what `mend` makes of the fault, whether it was thrown or rejected. */
export const guarded = <T>(work: () => Eventually<T>, mend: (fault: unknown) => T): Eventually<T> => {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(mend) : value;
  } catch (fault) {
    return mend(fault);
  }
};
