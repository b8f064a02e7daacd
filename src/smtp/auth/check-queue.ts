import type { Waiting } from './logins.ts';

/*
 * Runs a limited number of jobs at a time; the others wait. Known clients are served first, then the client served
 * least since the queue was last empty, and among those the newest: in a flood of guesses from many addresses,
 * serving the oldest first would make everybody time out (adaptive LIFO). No job waits longer than `maxWait`,
 * and at most `most` wait.
 */

interface Job {
  readonly client: string;
  readonly isKnown: boolean;
  readonly begin: () => void;
}

export interface CheckQueueOptions {
  readonly sideBySide: number;
  readonly most: number;
  /** Milliseconds. */
  readonly maxWait: number;
}

/** Clients whose turns are counted; beyond that, counting starts over. */
const MOST_COUNTED = 10_000;

/** Thrown for a login that cannot be checked in time. */
export class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

export class CheckQueue {
  readonly #options: CheckQueueOptions;
  readonly #waiting = new Set<Job>();
  /** Turns by client since the queue was last empty. */
  readonly #served = new Map<string, number>();
  #running = 0;

  constructor(options: CheckQueueOptions) {
    this.#options = options;
  }

  /** Rejects with `NoTurn` if too many wait, the wait is too long or the client has gone; otherwise settles as the work does. */
  async take<T>(who: Waiting, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.sideBySide) this.#running++;
    else await this.#turn(who);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  #turn({ client, isKnown, closed }: Waiting): Promise<void> {
    if (this.#waiting.size >= this.#options.most) throw new NoTurn('too many logins are waiting');
    if (closed.aborted) throw new NoTurn('the client has gone');
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        closed.removeEventListener('abort', gone);
        this.#waiting.delete(job);
      };
      const job: Job = {
        client,
        isKnown,
        begin: () => {
          leave();
          resolve();
        },
      };
      const fail = (reason: string) => () => {
        leave();
        reject(new NoTurn(reason));
      };
      const gone = fail('the client has gone');
      const timer = setTimeout(fail('too many logins before this one'), this.#options.maxWait);
      closed.addEventListener('abort', gone, { once: true });
      this.#waiting.add(job);
    });
  }

  /** Passes a finished turn to the next job. */
  #next(): void {
    const job = this.#chosen();
    if (job === null) this.#running--;
    if (job === null || this.#served.size > MOST_COUNTED) this.#served.clear();
    if (job === null) return;
    this.#served.set(job.client, this.#servedTo(job) + 1);
    job.begin();
  }

  #chosen(): Job | null {
    let chosen: Job | null = null;
    for (const job of this.#waiting) if (chosen === null || this.#rank(job) <= this.#rank(chosen)) chosen = job;
    return chosen;
  }

  #rank(job: Job): number {
    return this.#servedTo(job) + (job.isKnown ? 0 : this.#options.most);
  }

  #servedTo({ client }: Job): number {
    return this.#served.get(client) ?? 0;
  }
}
