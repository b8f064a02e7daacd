/** The longest reply that is read. Bytes. */
export const REPLY_LIMIT = 64 * 1024;

/** Bytes for each expected reply: room for those to pipelined commands, which may all come at once. */
const EACH = 4 * 1024;

/**
 * Limits how much a next hop may send before an expected reply is complete: endless lines, unsolicited replies,
 * countless empty lines. Greeting, EHLO, STARTTLS and AUTH share one allowance.
 */
export class ReplyAllowance {
  #taken = 0;

  /** False: the next hop has sent too much. */
  take(bytes: number, awaited: number): boolean {
    this.#taken += bytes;
    return this.#taken <= 2 * REPLY_LIMIT + EACH * awaited;
  }

  /** A reply is complete. */
  renew(): void {
    this.#taken = 0;
  }
}
