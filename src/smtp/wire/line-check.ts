import type { ByteFault } from './message-bytes.ts';
import { plainRuns, STRETCH } from './plain-run.ts';

const CR = 13;
const LF = 10;

/** Checks a message that comes in counted chunks for bytes no message may contain, even across chunk boundaries. */
export class LineCheck {
  fault: ByteFault | null = null;
  #afterCr = false;
  #atLineStart = true;

  /** The last line so far is complete. */
  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  look(bytes: Buffer): void {
    plainRuns.open(bytes);
    for (let from = 0, upTo = 1; from < bytes.length; upTo = Math.min(bytes.length, from + STRETCH)) {
      this.#readSome(bytes, from, upTo);
      from = plainRuns.end(upTo - 1) + 1;
      this.#afterCr = bytes[from - 1] === CR;
    }
    if (bytes.length > 0) this.#atLineStart = bytes[bytes.length - 1] === LF;
  }

  #readSome(bytes: Buffer, from: number, upTo: number): void {
    let afterCr = this.#afterCr;
    for (let at = from; at < upTo; at++) {
      const byte = bytes[at];
      if (afterCr !== (byte === LF)) this.fault ??= afterCr ? 'bare carriage return' : 'bare line feed';
      else if (byte === 0) this.fault ??= 'NUL';
      afterCr = byte === CR;
    }
    this.#afterCr = afterCr;
  }

  /** The message is complete. */
  end(): void {
    if (this.#afterCr) this.fault ??= 'bare carriage return';
  }
}
