/** A value available now or later; one available now costs no turn of the event loop. */
export type Eventually<T> = T | Promise<T>;

/** Calls `next` with the value as soon as it is available. */
export const after = <T, U>(value: Eventually<T>, next: (value: T) => Eventually<U>): Eventually<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** The value, or what `mend` returns for the error, whether thrown or rejected. */
export const guarded = <T>(work: () => Eventually<T>, mend: (fault: unknown) => T): Eventually<T> => {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(mend) : value;
  } catch (fault) {
    return mend(fault);
  }
};
