import type { Socket } from 'node:net';

/** Sockets of clients that are open, against what the system gives and others need: the queue, deliveries, look-ups. */
export class SocketCount {
  readonly #limit: number;
  #open = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** 1 is all of them. */
  get fullness(): number {
    return this.#open / this.#limit;
  }

  /** Counts it until it is closed; false: there is no room for it. */
  take(socket: Socket): boolean {
    if (this.#open >= this.#limit) return false;
    this.#open++;
    socket.once('close', () => {
      this.#open--;
    });
    return true;
  }
}
