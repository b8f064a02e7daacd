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

/** RFC 2045 6.7: CR LF is a line break; white space before one, bare CR and LF, and everything except printable ASCII is encoded. */
export const quotedPrintableEncoder = (): TransferEncoder => {
  let column = 0;
  /** A byte whose form depends on the next: white space or CR. */
  let held = -1;
  let text = '';
  const put = (form: string): void => {
    if (column + form.length > LINE - 1) {
      text += '=\r\n';
      column = 0;
    }
    text += form;
    column += form.length;
  };
  const release = (beforeBreak: boolean): void => {
    if (held >= 0) put(beforeBreak || held === CR ? (HEX[held] ?? '') : String.fromCharCode(held));
    held = -1;
  };
  const take = (byte: number): void => {
    if (byte === LF && held === CR) {
      held = -1;
      text += '\r\n';
      column = 0;
      return;
    }
    if (byte === CR && held !== CR && held >= 0) {
      // White space: only the next byte shows whether it ends the line; encoding it is right in any case.
      release(true);
    } else release(false);
    if (byte === CR || byte === SPACE || byte === TAB) held = byte;
    else put(PLAIN[byte] ? String.fromCharCode(byte) : (HEX[byte] ?? ''));
  };
  const taken = (): Buffer => {
    const out = Buffer.from(text, 'latin1');
    text = '';
    return out;
  };
  return {
    write: (bytes) => {
      for (const byte of bytes) take(byte);
      return taken();
    },
    end: () => {
      release(true);
      return taken();
    },
  };
};
