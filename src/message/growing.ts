/** A growable byte buffer; existing bytes are rarely copied, even with small pieces. */
export class GrowingBytes {
  #space = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes in memory, including room to grow. */
  get held(): number {
    return this.#space.length;
  }

  append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#space.length) this.#grow(length);
    bytes.copy(this.#space, this.#length);
    this.#length = length;
  }

  /** All bytes so far; valid until the next `append` or `clear`. */
  view(): Buffer {
    return this.#space.subarray(0, this.#length);
  }

  /** Empties it and keeps the space. */
  clear(): void {
    this.#length = 0;
  }

  #grow(length: number): void {
    const space = Buffer.allocUnsafe(this.#length === 0 ? length : Math.max(length, 2 * this.#space.length));
    this.view().copy(space);
    this.#space = space;
  }
}
