import { isAscii } from 'node:buffer';
import { asciiHeader, isAllFields } from './ascii-header.ts';
import { isIdentity } from './described.ts';
import type { PartListener, WalkedPart } from './part-walker.ts';

/** Looks through a message: which parts have to be encoded, and what stands against it. */
export class Survey implements PartListener {
  /** Indexes of the parts of which something cannot travel. */
  readonly encoded = new Set<number>();
  /** Why the message cannot be made 7-bit; `null` if nothing has been found. */
  reason: string | null = null;
  #part: WalkedPart | null = null;
  #isEightBit = false;

  header(raw: Buffer, part: WalkedPart): void {
    this.#part = part;
    this.#isEightBit = false;
    if (part.doubt !== null) this.reason ??= part.doubt;
    if (!isAllFields(raw)) this.reason ??= 'a header line that is not a field';
    if (isAscii(raw)) return;
    if (part.isSigned) this.reason ??= 'it is signed (multipart/signed)';
    if (asciiHeader(raw) === null) this.reason ??= 'a header field cannot be written in ASCII';
  }

  content(bytes: Buffer): void {
    this.#isEightBit ||= !isAscii(bytes);
  }

  contentEnd(): void {
    const part = this.#part;
    if (part === null || !this.#isEightBit) return;
    this.encoded.add(part.index);
    if (part.isSigned) this.reason ??= 'it is signed (multipart/signed)';
    if (!isIdentity(part.encoding)) this.reason ??= `8-bit bytes in ${JSON.stringify(part.encoding.slice(0, 40))}`;
    if (/^message\/(?!global)/.test(part.type)) this.reason ??= `${part.type} may not be encoded`;
  }

  around(): void {
    // What stands around the parts is shown to nobody.
  }
}
