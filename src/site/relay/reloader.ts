/**
 * Runs one reload at a time. A request that comes while one is under way waits for one further run, which
 * begins after it: what it wants to be read may have been written too late for the present one. All that
 * come meanwhile share that run, so that forty SIGHUPs in a row cost two reloads and none is lost.
 */
export class Reloader<Result> {
  readonly #run: () => Promise<Result>;
  #running: Promise<Result> | null = null;
  #next: Promise<Result> | null = null;

  constructor(run: () => Promise<Result>) {
    this.#run = run;
  }

  request(): Promise<Result> {
    if (this.#next) return this.#next;
    if (!this.#running) return this.#start();
    const start = (): Promise<Result> => {
      this.#next = null;
      return this.#start();
    };
    this.#next = this.#running.then(start, start);
    return this.#next;
  }

  #start(): Promise<Result> {
    const run = this.#run().finally(() => {
      if (this.#running === run) this.#running = null;
    });
    this.#running = run;
    return run;
  }
}
