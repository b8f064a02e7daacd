import { setTimeout as after } from 'node:timers/promises';

const PATIENCE = 10_000;

/** Looks again and again until there is something; for what nobody announces. */
export const until = async <Found>(look: () => Promise<Found | null> | Found | null, what: string): Promise<Found> => {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await after(10)) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error(`waited for ${what}`);
};
