/** One sentence for each expectation that was not met. */
export type Failures = readonly string[];

export const NONE: Failures = [];

/** `null` expects nothing. */
export const differs = (name: string, wanted: unknown, found: unknown): Failures =>
  wanted === null || wanted === found ? NONE : [`expected ${name} ${String(wanted)}, got ${String(found ?? 'none')}`];

/** Both lists have the same elements, in whatever order. */
export const differFromSet = (name: string, wanted: readonly string[], found: readonly string[]): Failures => {
  const [want, got] = [[...new Set(wanted)].sort(), [...new Set(found)].sort()];
  return differs(name, want.join(', '), got.join(', ') || null);
};

/** Every wanted element was found. */
export const lacking = (name: string, wanted: readonly string[], found: readonly string[]): Failures =>
  wanted.filter((one) => !found.includes(one)).map((one) => `expected ${name} ${one}, got ${found.join(', ') || 'none'}`);
