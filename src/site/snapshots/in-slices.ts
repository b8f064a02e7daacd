import { setImmediate } from 'node:timers/promises';

/** How long a process that serves mail does nothing else at a time. Milliseconds. */
const SLICE = 4;

/** Goes through the steps with a turn for everything else after every few milliseconds. Rejects with what a step throws. */
export const inSlices = async <T>(steps: Generator<void, T>): Promise<T> => {
  for (;;) {
    const until = performance.now() + SLICE;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await setImmediate();
  }
};
