/** Encodes the content of a part as it arrives, in pieces of any size. */
export interface TransferEncoder {
  readonly write: (bytes: Buffer) => Buffer;
  readonly end: () => Buffer;
}

/** Bytes per line of base64 (RFC 2045 6.8). */
const GROUP = 57;

const lines = (bytes: Buffer): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += GROUP) text += `${text === '' ? '' : '\r\n'}${bytes.toString('base64', at, at + GROUP)}`;
  return text;
};

/** RFC 2045 6.8: encodes every byte; no line end after the last line. */
export const base64Encoder = (): TransferEncoder => {
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  const put = (bytes: Buffer): Buffer => {
    if (bytes.length === 0) return bytes;
    const text = `${begun ? '\r\n' : ''}${lines(bytes)}`;
    begun = true;
    return Buffer.from(text, 'latin1');
  };
  return {
    write: (bytes) => {
      const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const whole = all.length - (all.length % GROUP);
      rest = Buffer.from(all.subarray(whole));
      return put(all.subarray(0, whole));
    },
    end: () => put(rest),
  };
};

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const EQUALS = 0x3d;

/** Characters per line (RFC 2045 6.7 (5)), including the soft line break. */
const LINE = 76;

const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`);
const PLAIN = Array.from({ length: 256 }, (_, byte) => byte >= SPACE && byte <= 0x7e && byte !== EQUALS);

class QuotedPrintable implements TransferEncoder {
  #column = 0;
  /** A byte whose form depends on the next: white space or CR; -1 if there is none. */
  #held = -1;
  #text = '';

  write = (bytes: Buffer): Buffer => {
    for (const byte of bytes) this.#take(byte);
    return this.#taken();
  };

  end = (): Buffer => {
    this.#release(true);
    return this.#taken();
  };

  #take(byte: number): void {
    if (byte === LF && this.#held === CR) this.#breakLine();
    else {
      // Of white space before a CR only the next byte shows whether it ends the line; encoding it is right in any case.
      this.#release(byte === CR && this.#held !== CR);
      if (byte === CR || byte === SPACE || byte === TAB) this.#held = byte;
      else this.#put(PLAIN[byte] ? String.fromCharCode(byte) : (HEX[byte] ?? ''));
    }
  }

  #breakLine(): void {
    this.#held = -1;
    this.#text += '\r\n';
    this.#column = 0;
  }

  #release(beforeBreak: boolean): void {
    if (this.#held < 0) return;
    this.#put(beforeBreak || this.#held === CR ? (HEX[this.#held] ?? '') : String.fromCharCode(this.#held));
    this.#held = -1;
  }

  #put(form: string): void {
    if (this.#column + form.length > LINE - 1) {
      this.#text += '=\r\n';
      this.#column = 0;
    }
    this.#text += form;
    this.#column += form.length;
  }

  #taken(): Buffer {
    const out = Buffer.from(this.#text, 'latin1');
    this.#text = '';
    return out;
  }
}

/** RFC 2045 6.7: CR LF is a line break; white space before one, bare CR and LF, and everything except printable ASCII is encoded. */
export const quotedPrintableEncoder = (): TransferEncoder => new QuotedPrintable();
