/** Bytes that grow at the end; what is already there is copied seldom, however small the pieces. */
export class GrowingBytes {
  #space = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes in memory, room to grow included. */
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

  /** Empty again, with the space kept. */
  clear(): void {
    this.#length = 0;
  }

  #grow(length: number): void {
    const space = Buffer.allocUnsafe(this.#length === 0 ? length : Math.max(length, 2 * this.#space.length));
    this.view().copy(space);
    this.#space = space;
  }
}
