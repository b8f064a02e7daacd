/**
 * The time a hook has. Costs nothing until somebody asks for the signal: a hook with nothing to find out
 * starts no timer. It ends early when the client is gone.
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
