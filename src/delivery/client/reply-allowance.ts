/** Bytes of the longest reply that is read. */
export const REPLY_LIMIT = 64 * 1024;

/** Bytes for each reply that is awaited: room for those to pipelined commands, which may all come at once. */
const EACH = 4 * 1024;

/**
 * How much a next hop may send before a reply that was awaited is complete: lines that never end, replies nobody asked for,
 * empty lines without number. Greeting, EHLO, STARTTLS and AUTH have one allowance together.
 */
export class ReplyAllowance {
  #taken = 0;

  /** False: it has sent too much. */
  take(bytes: number, awaited: number): boolean {
    this.#taken += bytes;
    return this.#taken <= 2 * REPLY_LIMIT + EACH * awaited;
  }

  /** A reply is complete. */
  renew(): void {
    this.#taken = 0;
  }
}
