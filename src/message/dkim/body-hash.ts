import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CanonicalBody } from './canonical-body.ts';
import type { Canonicalization } from './canonical-header.ts';

/** Bytes hashed before yielding to others: about half a millisecond. */
const SLICE = 64 * 1024;

/** One way to hash a body: `length` octets of it (`l=`), or all. RFC 6376 3.5, 3.7. */
export interface BodyHashing {
  readonly form: Canonicalization;
  readonly length: number | null;
}

export interface BodyHash {
  readonly digest: Buffer;
  /** Octets of the whole canonical body. */
  readonly size: number;
}

/** Equal for equivalent hashings. */
export const hashingKey = ({ form, length }: BodyHashing): string => `${form} ${length ?? 'all'}`;

class LimitedHash {
  readonly form: Canonicalization;
  readonly #limit: number;
  readonly #hash = createHash('sha256');
  #size = 0;

  constructor({ form, length }: BodyHashing) {
    this.form = form;
    this.#limit = length ?? Number.POSITIVE_INFINITY;
  }

  update(piece: Buffer): void {
    const left = this.#limit - this.#size;
    if (left > 0) this.#hash.update(left < piece.length ? piece.subarray(0, left) : piece);
    this.#size += piece.length;
  }

  finish(): BodyHash {
    return { digest: this.#hash.digest(), size: this.#size };
  }
}

/** Hashes a body in several ways at once with SHA-256. It reads the body once, never buffers it, and never blocks the event loop. */
export class BodyHasher {
  readonly #hashes: ReadonlyMap<string, LimitedHash>;
  readonly #bodies: readonly (readonly [CanonicalBody, readonly LimitedHash[]])[];
  #sinceTurn = 0;

  constructor(hashings: readonly BodyHashing[]) {
    this.#hashes = new Map(hashings.map((hashing) => [hashingKey(hashing), new LimitedHash(hashing)]));
    const all = [...this.#hashes.values()];
    const forms = [...new Set(all.map(({ form }) => form))];
    this.#bodies = forms.map((form) => [new CanonicalBody(form), all.filter((hash) => hash.form === form)]);
  }

  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      for (const [body, hashes] of this.#bodies) await this.#update(body.write(slice), hashes, slice.length);
    }
  }

  /** Digests by `hashingKey`. */
  async finish(): Promise<ReadonlyMap<string, BodyHash>> {
    for (const [body, hashes] of this.#bodies) await this.#update(body.end(), hashes, 0);
    return new Map([...this.#hashes].map(([key, hash]) => [key, hash.finish()]));
  }

  async #update(pieces: Iterable<Buffer>, hashes: readonly LimitedHash[], read: number): Promise<void> {
    await this.#turnAfter(read);
    for (const piece of pieces) {
      for (const hash of hashes) hash.update(piece);
      await this.#turnAfter(piece.length * hashes.length);
    }
  }

  async #turnAfter(bytes: number): Promise<void> {
    this.#sinceTurn += bytes;
    if (this.#sinceTurn < SLICE) return;
    this.#sinceTurn = 0;
    await nextTurn();
  }
}
