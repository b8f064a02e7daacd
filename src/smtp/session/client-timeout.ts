/** The time a client has. Milliseconds, and bytes per second. */
export interface Pace {
  readonly idle: number;
  readonly minDataRate: number;
}

/**
 * Measures how long the client has taken over its next command or its message. A command has a fixed time, however
 * slowly its bytes arrive; within a message every `minDataRate` bytes earn another second. The clock stops while the
 * client waits for us.
 */
export class ClientTimeout {
  #since = performance.now();
  #bytes = 0;
  #pauses = 0;
  #pausedAt = 0;

  /** The client has been answered; it is its turn. */
  begin(): void {
    this.#since = performance.now();
    this.#bytes = 0;
  }

  /** Part of its message has arrived. */
  brought(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The client is kept waiting until this resolves; it never rejects. */
  pausing<Waiting extends Promise<void> | undefined>(wait: Waiting): Waiting {
    if (wait === undefined) return wait;
    if (this.#pauses++ === 0) this.#pausedAt = performance.now();
    void wait.then(() => {
      if (--this.#pauses === 0) this.#since += performance.now() - this.#pausedAt;
    });
    return wait;
  }

  /** Milliseconds since it was the client's turn; 0 while it is ours. */
  get silence(): number {
    return this.#pauses > 0 ? 0 : performance.now() - this.#since;
  }

  isOver({ idle, minDataRate }: Pace): boolean {
    return this.silence > idle + (this.#bytes / minDataRate) * 1000;
  }
}
