import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Left to itself, V8 collects the garbage of a large site in one pause: 30 to 50 ms with 10,000 rules. Loading and reloading
 * collect it themselves, before mail is served or in small portions.
 */

/** A heap of this size is not worth collecting. Bytes. */
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

/** Collects what was allocated lately; takes about as long as a few milliseconds of work took to allocate it. */
export const collectYoung = (): void => void gc()({ type: 'minor' });

/** Everything (Node 20 takes any argument for a request of the young alone), for a few hundred milliseconds, if there is much: not while mail is served. */
export const collectAll = (): void => {
  if (process.memoryUsage().heapTotal > A_LITTLE) gc()();
};
