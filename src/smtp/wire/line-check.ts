import type { ByteFault } from './message-bytes.ts';

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
    let afterCr = this.#afterCr;
    for (const byte of bytes) {
      if (afterCr !== (byte === LF)) this.fault ??= afterCr ? 'bare carriage return' : 'bare line feed';
      else if (byte === 0) this.fault ??= 'NUL';
      afterCr = byte === CR;
    }
    this.#afterCr = afterCr;
    if (bytes.length > 0) this.#atLineStart = bytes[bytes.length - 1] === LF;
  }

  /** The message is complete. */
  end(): void {
    if (this.#afterCr) this.fault ??= 'bare carriage return';
  }
}
