/**
 * The time limit of a hook. Costs nothing until the signal is requested: a hook without look-ups starts no
 * timer. Ends early when the client leaves.
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #closed: () => AbortSignal;
  #controller: AbortController | null = null;
  #stop: (() => void) | null = null;

  constructor(milliseconds: number, closed: () => AbortSignal) {
    this.#milliseconds = milliseconds;
    this.#closed = closed;
  }

  readonly signal = (): AbortSignal => {
    this.#controller ??= this.#start();
    return this.#controller.signal;
  };

  get passed(): boolean {
    return this.#controller?.signal.aborted ?? false;
  }

  /** The hook is over. */
  clear(): void {
    this.#stop?.();
  }

  #start(): AbortController {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const timer = setTimeout(abort, this.#milliseconds).unref();
    const closed = this.#closed();
    if (closed.aborted) abort();
    closed.addEventListener('abort', abort, { once: true });
    this.#stop = () => {
      clearTimeout(timer);
      closed.removeEventListener('abort', abort);
    };
    return controller;
  }
}
