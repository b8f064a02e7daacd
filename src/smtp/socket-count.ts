import type { Socket } from 'node:net';

/** Counts open client sockets against the system's limit, less what the queue, deliveries and look-ups need. */
export class SocketCount {
  readonly #limit: number;
  #open = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** 1 means the limit is reached. */
  get fullness(): number {
    return this.#open / this.#limit;
  }

  /** Counts the socket until it is closed. False: no room for it. */
  take(socket: Socket): boolean {
    if (this.#open >= this.#limit) return false;
    this.#open++;
    socket.once('close', () => {
      this.#open--;
    });
    return true;
  }
}
