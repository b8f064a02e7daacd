/*
 * All sessions of a process share one thread. What a session does at once, and every promise that is settled
 * already, runs before the event loop looks at anybody else, so that a client who never lets a look-up really wait
 * would keep the thread for itself. Hence the clock: in one pass of the event loop sessions work for `PASS`
 * milliseconds, those of one customer for `SHARE` while others work too. Whoever has used that up waits for a later
 * pass. Of those who wait one is resumed in each pass, customers in turn, however many sessions each of them has.
 */

/** Milliseconds. */
const PASS = 10;
const SHARE = 1;

interface Customer {
  /** Milliseconds of this pass. */
  spent: number;
  readonly waiting: (() => void)[];
}

/** Shares the thread out among customers. */
export class FairTurns {
  /** Those that have worked in this pass, or wait; who waits longest for a turn comes first. */
  readonly #customers = new Map<string, Customer>();
  #pass: NodeJS.Immediate | null = null;
  #began = 0;
  /** When somebody's work was charged last. */
  #mark = 0;

  /** What was done since the last call, by whomever, is charged to the customer. False: wait for a turn. */
  mayGoOn(name: string): boolean {
    const now = performance.now();
    if (this.#pass === null) this.#begin(now);
    const customer = this.#customer(name);
    customer.spent += now - this.#mark;
    this.#mark = now;
    return now - this.#began < PASS && (customer.spent < SHARE || this.#customers.size === 1);
  }

  /** Calls back when it is the customer's turn, never at once. */
  wait(name: string, resume: () => void): void {
    if (this.#pass === null) this.#begin(performance.now());
    this.#customer(name).waiting.push(resume);
  }

  #customer(name: string): Customer {
    const known = this.#customers.get(name);
    if (known !== undefined) return known;
    const customer = { spent: 0, waiting: [] };
    this.#customers.set(name, customer);
    return customer;
  }

  #begin(now: number): void {
    this.#began = now;
    this.#mark = now;
    this.#pass = setImmediate(() => this.#nextPass());
  }

  #nextPass(): void {
    this.#pass = null;
    for (const [name, customer] of this.#customers) {
      customer.spent = 0;
      if (customer.waiting.length === 0) this.#customers.delete(name);
    }
    const [next] = this.#customers;
    if (next === undefined) return;
    const [name, customer] = next;
    this.#begin(performance.now());
    this.#customers.delete(name);
    this.#customers.set(name, customer);
    customer.waiting.shift()?.();
  }
}
