/*
 * Files that stand in the text of a message, as they did before MIME: uuencoded (POSIX), in base64 of uuencode, yEnc.
 * Mail programs show them as attachments. Of BinHex (RFC 1741) the name is in the code, so that it is not known.
 */

const BEGINNINGS = ['begin', '=ybegin', '(This file must be converted with BinHex'].map((text) => Buffer.from(text));

/** `begin 644 name`, `begin-base64 644 name`; two blanks and a name are enough for some. */
const UUENCODED = /^begin(?:-base64(?:-encoded)?)?[ \t]{1,20}[0-7]{3,6}[ \t]{1,20}(\S.{0,1000})/gm;
const UUENCODED_BADLY = /^begin {2,20}(\S.{0,300})$/gm;
const YENC = /^=ybegin .{0,200}?name=(\S.{0,1000})/gm;
const FILE = /\.\w{1,8}$/;
const BINHEX = /^\(This file must be converted with BinHex/m;

const LONGEST_LINE = 1024;
const MOST_NAMES = 100;
const LF = 0x0a;

export class EncodedFiles {
  #line = Buffer.alloc(0);
  #names: string[] = [];
  #doubt: string | null = null;

  /** As written. */
  get names(): readonly string[] {
    return this.#names;
  }

  get doubt(): string | null {
    return this.#doubt;
  }

  /** Looks through decoded text, in pieces of whatever size. */
  read(bytes: Buffer): void {
    const text = Buffer.concat([this.#line, bytes]);
    const end = text.lastIndexOf(LF) + 1;
    this.#line = Buffer.from(text.subarray(end, end + LONGEST_LINE));
    this.#search(text.subarray(0, end));
  }

  /** A text has ended, its last line perhaps without its end. */
  end(): void {
    this.#search(this.#line);
    this.#line = Buffer.alloc(0);
  }

  #search(bytes: Buffer): void {
    if (!BEGINNINGS.some((beginning) => bytes.includes(beginning))) return;
    const text = bytes.toString();
    if (BINHEX.test(text)) this.#doubt ??= 'a file in BinHex';
    for (const form of [UUENCODED, YENC]) for (const [, name = ''] of text.matchAll(form)) this.#names.push(name.trim());
    for (const [, name = ''] of text.matchAll(UUENCODED_BADLY)) if (FILE.test(name.trim())) this.#names.push(name.trim());
    if (this.#names.length > MOST_NAMES) this.#doubt ??= `more than ${MOST_NAMES} files in a text`;
    this.#names = this.#names.slice(0, MOST_NAMES);
  }
}
