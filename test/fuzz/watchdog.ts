import { Worker } from 'node:worker_threads';

/** Milliseconds in which a case has to end at last, whatever else the machine does. */
const HANG = 120_000;

/** Runs beside a thread that may be caught in an endless loop, so it says itself what it has seen. */
const WATCH = `
const { workerData: { cases, hang } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let [seen, since] = [-1, Date.now()];
setInterval(() => {
  const now = Atomics.load(cases, 0);
  if (now !== seen) [seen, since] = [now, Date.now()];
  else if (Date.now() - since > hang) {
    writeSync(1, 'FOUND a hang: case ' + (now - 1) + ' of the target under way does not end\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 1000);
`;

/** Ends the process when a case hangs, which nothing in its own thread could notice. */
export class Watchdog {
  readonly #cases = new Int32Array(new SharedArrayBuffer(4));

  constructor() {
    new Worker(WATCH, { eval: true, workerData: { cases: this.#cases, hang: HANG } }).unref();
  }

  /** A case begins. */
  begins(number: number): void {
    Atomics.store(this.#cases, 0, number + 1);
  }
}
