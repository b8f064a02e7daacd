import { setImmediate } from 'node:timers/promises';
import { collectYoung } from './garbage.ts';

/** How long a process that serves mail does nothing else at a time. Milliseconds. */
const SLICE = 4;

/** Slices between two collections of young objects: most of them survive, and moving them takes as long as making them. */
const BETWEEN_COLLECTIONS = 2;

/** Goes through the steps with a turn for everything else after every few milliseconds. Rejects with what a step throws. */
export const inSlices = async <T>(steps: Generator<void, T>): Promise<T> => {
  for (let slices = 1; ; slices++) {
    const until = performance.now() + SLICE;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await setImmediate();
    if (slices % BETWEEN_COLLECTIONS !== 0) continue;
    collectYoung();
    await setImmediate();
  }
};
