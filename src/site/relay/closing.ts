type Closer = () => void | Promise<void>;

/** What has been opened, to be closed in the reverse order; also when opening breaks off half-way. */
export class Closing {
  readonly #closers: Closer[] = [];

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Does work that opens things; if it fails, what was opened until then is closed again. Rejects as the work does. */
  async opening(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Closes everything, whatever fails; rejects with the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
