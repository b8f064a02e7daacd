const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Time facts, in the time zone of the relay. `at` is in epoch milliseconds. */
export const hourOf = (at: number): number => new Date(at).getHours();
export const weekdayOf = (at: number): string | null => WEEKDAYS[new Date(at).getDay()] ?? null;
