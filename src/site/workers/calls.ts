/** Milliseconds. */
const TIMEOUT = 30_000;

/** Questions to another process, by number, until it has answered. */
export class Calls<Answer> {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #otherwise: Answer;
  readonly #timeout: number;
  #last = 0;
  #gone: { readonly answer: Answer } | null = null;

  /** `otherwise` stands for the answer of a process that gives none: it has died, or takes longer than `timeout` milliseconds. */
  constructor(otherwise: Answer, timeout: number = TIMEOUT) {
    this.#otherwise = otherwise;
    this.#timeout = timeout;
  }

  /** Puts a question under a number of its own. Never rejects. One that is gone is not waited for. */
  ask(put: (call: number) => void): Promise<Answer> {
    if (this.#gone) return Promise.resolve(this.#gone.answer);
    const call = ++this.#last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(call, this.#otherwise), this.#timeout);
      this.#waiting.set(call, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      put(call);
    });
  }

  answer(call: number, answer: Answer): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    waiting?.(answer);
  }

  /** The other process is gone, for good. */
  giveUp(answer: Answer = this.#otherwise): void {
    this.#gone = { answer };
    for (const call of [...this.#waiting.keys()]) this.answer(call, answer);
  }
}
