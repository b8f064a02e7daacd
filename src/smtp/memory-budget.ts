/** The bytes one session holds, counted against the budget. */
export interface Account {
  readonly bytes: number;
  /** What it holds now. Ignored once the account is closed. */
  hold(bytes: number): void;
  close(): void;
}

/** What all sessions of a process hold, against their limit. Bytes. */
export class MemoryBudget {
  readonly #limit: () => number;
  #used = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** 1 means used up. */
  get fullness(): number {
    return this.#used / this.#limit();
  }

  open(): Account {
    const change = (by: number): void => {
      this.#used += by;
    };
    return new SessionAccount(change);
  }
}

class SessionAccount implements Account {
  readonly #change: (by: number) => void;
  #bytes = 0;
  #closed = false;

  constructor(change: (by: number) => void) {
    this.#change = change;
  }

  get bytes(): number {
    return this.#bytes;
  }

  hold(bytes: number): void {
    if (this.#closed) return;
    this.#change(bytes - this.#bytes);
    this.#bytes = bytes;
  }

  close(): void {
    this.hold(0);
    this.#closed = true;
  }
}
