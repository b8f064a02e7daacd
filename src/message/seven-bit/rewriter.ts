import { asciiHeader, rawFields } from './ascii-header.ts';
import { isIdentity } from './described.ts';
import type { PartListener, WalkedPart } from './part-walker.ts';
import { base64Encoder, quotedPrintableEncoder, type TransferEncoder } from './transfer-encoder.ts';

/** Charsets in which a line end is not CR LF: encoding them as text would break them. */
const WIDE = /^(?:utf-?16|utf-?32|ucs-?[24]|iso-10646)/;

const isText = ({ type, charset }: WalkedPart): boolean => type.startsWith('text/') && !WIDE.test(charset);

const IS_ENCODING = /^content-transfer-encoding[ \t]*:/i;
const IS_VERSION = /^mime-version[ \t]*:/i;

/** Rewrites a message as 7-bit: encodes the parts that the survey found, leaves all others as they were. */
export class Rewriter implements PartListener {
  readonly #encoded: ReadonlySet<number>;
  #written: Buffer[] = [];
  #encoder: TransferEncoder | null = null;

  constructor(encoded: ReadonlySet<number>) {
    this.#encoded = encoded;
  }

  /** Returns what has been written since the last call. */
  take(): Buffer {
    const written = Buffer.concat(this.#written);
    this.#written = [];
    return written;
  }

  header(raw: Buffer, part: WalkedPart): void {
    const isEncoded = this.#encoded.has(part.index);
    const encoding = isText(part) ? 'quoted-printable' : 'base64';
    if (isEncoded) this.#encoder = encoding === 'base64' ? base64Encoder() : quotedPrintableEncoder();
    const ascii = asciiHeader(raw) ?? raw;
    if (isEncoded) this.#written.push(withEncoding(ascii, encoding, part.isMessage));
    else this.#written.push(isIdentity(part.encoding) && part.encoding !== '' ? withEncoding(ascii, '7bit', false) : ascii);
  }

  content(bytes: Buffer): void {
    this.#written.push(this.#encoder === null ? Buffer.from(bytes) : this.#encoder.write(bytes));
  }

  contentEnd(): void {
    if (this.#encoder !== null) this.#written.push(this.#encoder.end());
    this.#encoder = null;
  }

  /** Text around the parts is never displayed (RFC 2046 5.1.1). */
  around(bytes: Buffer): void {
    this.#written.push(Buffer.from(bytes.toString('latin1').replace(/[\x80-\xff]/g, '?'), 'latin1'));
  }
}

/** The header with this Content-Transfer-Encoding; that of a message also gets MIME-Version (RFC 2045 4). */
const withEncoding = (raw: Buffer, encoding: string, isMessage: boolean): Buffer => {
  const fields = rawFields(raw);
  const last = fields.at(-1) ?? '';
  const isEnded = /^\r?\n$/.test(last);
  const kept = (isEnded ? fields.slice(0, -1) : fields).filter((field) => !IS_ENCODING.test(field));
  const version = isMessage && !kept.some((field) => IS_VERSION.test(field)) ? ['MIME-Version: 1.0\r\n'] : [];
  const written = [...kept, ...version, `Content-Transfer-Encoding: ${encoding}\r\n`, isEnded ? last : ''];
  return Buffer.from(written.join(''), 'latin1');
};
