/*
 * All sessions of a process share one thread. Synchronous work and settled promises run before the event loop
 * serves anyone else, so a client whose look-ups never really wait would keep the thread to itself. Hence a budget:
 * in one pass of the event loop, sessions run for `PASS` milliseconds, and those of one client for `SHARE` while others
 * have work too. A client that has used up its share waits for a later pass. Each pass resumes one waiting session,
 * rotating over clients no matter how many sessions each has.
 */

/** Milliseconds. */
const PASS = 10;
const SHARE = 1;

interface Client {
  /** Milliseconds in this pass. */
  spent: number;
  readonly waiting: (() => void)[];
}

/** Divides the thread's time among clients. */
export class FairTurns {
  /** Clients that ran in this pass or are waiting, longest wait first. */
  readonly #clients = new Map<string, Client>();
  #pass: NodeJS.Immediate | null = null;
  #began = 0;
  /** When work was last charged. */
  #mark = 0;
  readonly #now: () => number;

  /** `now`: milliseconds of a clock that only goes forward. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Charges all work since the last call to the client. False: wait for a turn. */
  mayGoOn(name: string): boolean {
    const now = this.#now();
    if (this.#pass === null) this.#begin(now);
    const client = this.#client(name);
    client.spent += now - this.#mark;
    this.#mark = now;
    return now - this.#began < PASS && (client.spent < SHARE || this.#clients.size === 1);
  }

  /** How many of the client's sessions wait. */
  waiting(name: string): number {
    return this.#clients.get(name)?.waiting.length ?? 0;
  }

  /** Calls back when it is the client's turn, never at once. */
  wait(name: string, resume: () => void): void {
    if (this.#pass === null) this.#begin(this.#now());
    this.#client(name).waiting.push(resume);
  }

  #client(name: string): Client {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const client = { spent: 0, waiting: [] };
    this.#clients.set(name, client);
    return client;
  }

  #begin(now: number): void {
    this.#began = now;
    this.#mark = now;
    this.#pass = setImmediate(() => this.#nextPass());
  }

  #nextPass(): void {
    this.#pass = null;
    for (const [name, client] of this.#clients) {
      client.spent = 0;
      if (client.waiting.length === 0) this.#clients.delete(name);
    }
    const [next] = this.#clients;
    if (next === undefined) return;
    const [name, client] = next;
    this.#begin(this.#now());
    this.#clients.delete(name);
    this.#clients.set(name, client);
    client.waiting.shift()?.();
  }
}
