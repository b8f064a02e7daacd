/** What a client may take. Milliseconds, and bytes a second. */
export interface Pace {
  readonly idle: number;
  readonly minDataRate: number;
}

/**
 * How long the client has been at its next command, or at its message: a command has its time as a whole, however
 * many bytes it comes in; within a message each `minDataRate` bytes gain it a second. While it waits for us no
 * time passes.
 */
export class ClientTimeout {
  #since = performance.now();
  #bytes = 0;
  #pauses = 0;
  #pausedAt = 0;

  /** It is the client's turn: it has been answered. */
  begin(): void {
    this.#since = performance.now();
    this.#bytes = 0;
  }

  /** Part of its message has come. */
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
