/*
 * All sessions of a process share one thread. What a session does at once, and every promise that is settled
 * already, runs before the event loop looks at anybody else, so that a client who never lets a look-up really wait
 * would keep the thread for itself. Hence the clock: in one pass of the event loop sessions work for `PASS`
 * milliseconds, those of one client for `SHARE` while others work too. A client that has used that up waits for a later
 * pass. Of those who wait one is resumed in each pass, clients in turn, however many sessions each of them has.
 */

/** Milliseconds. */
const PASS = 10;
const SHARE = 1;

interface Client {
  /** Milliseconds of this pass. */
  spent: number;
  readonly waiting: (() => void)[];
}

/** Shares the thread out among clients. */
export class FairTurns {
  /** Those that have worked in this pass, or wait; who waits longest for a turn comes first. */
  readonly #clients = new Map<string, Client>();
  #pass: NodeJS.Immediate | null = null;
  #began = 0;
  /** When somebody's work was charged last. */
  #mark = 0;

  /** What was done since the last call, by whomever, is charged to the client. False: wait for a turn. */
  mayGoOn(name: string): boolean {
    const now = performance.now();
    if (this.#pass === null) this.#begin(now);
    const client = this.#client(name);
    client.spent += now - this.#mark;
    this.#mark = now;
    return now - this.#began < PASS && (client.spent < SHARE || this.#clients.size === 1);
  }

  /** Who of the client's waits. */
  waiting(name: string): number {
    return this.#clients.get(name)?.waiting.length ?? 0;
  }

  /** Calls back when it is the client's turn, never at once. */
  wait(name: string, resume: () => void): void {
    if (this.#pass === null) this.#begin(performance.now());
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
    this.#begin(performance.now());
    this.#clients.delete(name);
    this.#clients.set(name, client);
    client.waiting.shift()?.();
  }
}
