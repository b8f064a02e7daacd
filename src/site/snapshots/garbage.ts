import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * V8 collects garbage when it must, and by then a large site means a pause of its own: 30 to 50 ms with 10,000 rules.
 * Whoever makes that much of it collects it in time, while nobody waits or in small portions.
 */

/** As much of it as a pause is not worth avoiding. Bytes of heap. */
const A_LITTLE = 64 * 1024 * 1024;

const collector = (): NodeJS.GCFunction => {
  setFlagsFromString('--expose-gc');
  const gc: NodeJS.GCFunction = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return gc;
};

let known: NodeJS.GCFunction | null = null;

const gc = (): NodeJS.GCFunction => {
  known ??= collector();
  return known;
};

/** What was made lately: a few milliseconds for what a few milliseconds of work made. */
export const collectYoung = (): void => void gc()({ type: 'minor' });

/** Everything (Node 20 takes any argument for a request of the young alone), for a few hundred milliseconds, if there is much: not while mail is served. */
export const collectAll = (): void => {
  if (process.memoryUsage().heapTotal > A_LITTLE) gc()();
};
