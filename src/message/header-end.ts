/*
 * Finds where the header of an arriving message ends. RFC 5322 2.1: at the first empty line. Broken
 * messages are handled as other MTAs do: the first line that is neither a field nor the continuation of
 * one already belongs to the body. The line that a mailbox file puts before a message
 * (`From ann@example.com Mon …`) is part of the header if a field follows it. Each byte is examined once,
 * even with small chunks.
 */

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** `fields` bytes of header fields, then `separator` bytes (2 or 0) of the empty line; the rest is body. */
export interface HeaderEnd {
  readonly fields: number;
  readonly separator: number;
}

/** True if there is white space at `at`: the line that begins there continues the one above (RFC 5322 2.2.3). */
export const isBlankAt = (bytes: Buffer, at: number): boolean => bytes[at] === SPACE || bytes[at] === TAB;

/** RFC 5322 2.2: printable ASCII without the colon; white space before the colon is obsolete syntax (4.5) but still a field. */
export const isField = (bytes: Buffer, start: number, end: number): boolean => {
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte <= SPACE || byte >= 0x7f || byte === COLON) break;
  }
  if (at === start) return false;
  while (at < end && isBlankAt(bytes, at)) at++;
  return at < end && bytes[at] === COLON;
};

/** The end of the line that begins at `start`, after its CRLF; -1 if there is no CRLF from `from` on. */
export const lineEnd = (bytes: Buffer, start: number, from = start): number => {
  let at = bytes.indexOf(LF, Math.max(start + 1, from));
  while (at > 0 && bytes[at - 1] !== CR) at = bytes.indexOf(LF, at + 1);
  return at < 0 ? -1 : at + 1;
};

const MAILBOX_LINE = Buffer.from('From ');
const QUOTE = 0x3e;

/** RFC 4155; some programs quote it with `>`. */
const isMailboxLine = (bytes: Buffer): boolean => {
  let at = 0;
  while (bytes[at] === QUOTE) at++;
  return bytes.subarray(at, at + MAILBOX_LINE.length).equals(MAILBOX_LINE);
};

export class HeaderScan {
  #line = 0;
  #seen = 0;
  /** Position after a mailbox line on top. */
  #mailbox = 0;

  /** The end of the header in `bytes`, which is everything so far; `null` while it may go on. `last`: the message is complete. */
  find(bytes: Buffer, last: boolean): HeaderEnd | null {
    for (;;) {
      const end = lineEnd(bytes, this.#line, this.#seen);
      if (end < 0) return last ? this.#rest(bytes) : this.#wait(bytes);
      if (!this.#continues(bytes, end)) return this.#endAt(end - this.#line === 2 ? 2 : 0);
      this.#line = end;
      this.#seen = end;
    }
  }

  #continues(bytes: Buffer, end: number): boolean {
    if (isBlankAt(bytes, this.#line)) return this.#line > this.#mailbox;
    if (isField(bytes, this.#line, end)) return true;
    if (this.#line > 0 || !isMailboxLine(bytes)) return false;
    this.#mailbox = end;
    return true;
  }

  /** A mailbox line without a field after it is text. */
  #endAt(separator: number): HeaderEnd {
    return this.#line === this.#mailbox && this.#line > 0 ? { fields: 0, separator: 0 } : { fields: this.#line, separator };
  }

  #wait(bytes: Buffer): null {
    this.#seen = bytes.length;
    return null;
  }

  #rest(bytes: Buffer): HeaderEnd {
    if (this.#line < bytes.length && this.#continues(bytes, bytes.length)) this.#line = bytes.length;
    return this.#endAt(0);
  }
}
