import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds without progress. */
const PATIENCE = 60_000;

/** Waits for a condition as long as there is progress. */
export const until = async (isSo: () => boolean, progress: () => number): Promise<void> => {
  let last = { at: performance.now(), progress: progress() };
  while (!isSo()) {
    await pause(5);
    if (progress() !== last.progress) last = { at: performance.now(), progress: progress() };
    if (performance.now() - last.at > PATIENCE) throw new Error(`nothing happens after ${last.progress}`);
  }
};
