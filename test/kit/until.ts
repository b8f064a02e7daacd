import { setTimeout as after } from 'node:timers/promises';

/** Nobody waits that long unless it never comes; a slow machine with much else to do may take a minute. */
const TIMEOUT = 120_000;

/** Looks again and again until it holds, and fails if it never does: for what nobody announces. */
export const until = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  for (const deadline = performance.now() + TIMEOUT; !(await holds()); await after(5))
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
};

/** Looks again and again until there is something, and gives it. */
export const found = async <Found>(look: () => Promise<Found | null> | Found | null, what: string): Promise<Found> => {
  for (const deadline = performance.now() + TIMEOUT; ; await after(5)) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
  }
};
