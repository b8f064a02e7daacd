/*
 * Files that stand in the text of a message, as they did before MIME: uuencoded (POSIX), in base64 of uuencode, yEnc.
 * Mail programs show them as attachments. Of BinHex (RFC 1741) the name is in the code, so that it is not known.
 */

const BEGIN = Buffer.from('begin');
const BINHEX = '(This file must be converted with BinHex';
const BEGINNINGS = [BEGIN, Buffer.from('=ybegin'), Buffer.from(BINHEX)];

/** `begin 644 name`, `begin-base64 644 name`; two blanks and a name are enough for some. */
const UUENCODED = /^begin(?:-base64(?:-encoded)?)?[ \t]{1,20}[0-7]{3,6}[ \t]{1,20}(\S.{0,1000})/gm;
const UUENCODED_BADLY = /^begin {2,20}(\S.{0,300})$/gm;
/** Any mode or none, if a line of code follows. */
const UUENCODED_LOOSELY = /^begin\S{0,20}[ \t]{1,20}(\S.{0,300})\n([!-`].{0,100})/gm;
const YENC = /^=ybegin .{0,200}?name=(\S.{0,1000})/gm;
const FILE = /\.\w{1,8}$/;

const LONGEST_LINE = 1024;
const MOST_NAMES = 100;
const LF = 0x0a;

/** A content type that says what the text is. */
export const isEncodedFileType = (type: string): boolean => /uue|uuc|yenc/.test(type) || isBinHex(type);

const isBinHex = (type: string): boolean => /binhex|hqx/.test(type);

/** The first character counts the bytes of a line, three in every four characters behind it; a checksum may follow. */
const isCode = (line: string): boolean => {
  const bytes = (line.charCodeAt(0) - 0x20) & 0x3f;
  const characters = line.trimEnd().length - 1;
  return bytes > 0 && characters >= Math.ceil((bytes * 4) / 3) && characters <= Math.ceil(bytes / 3) * 4 + 1;
};

export class EncodedFiles {
  #waiting = Buffer.alloc(0);
  #names: string[] = [];
  #doubt: string | null = null;

  /** As written. */
  get names(): readonly string[] {
    return this.#names;
  }

  get doubt(): string | null {
    return this.#doubt;
  }

  /** A part of this type follows. */
  begin(type: string): void {
    if (isBinHex(type)) this.#doubt ??= 'a file in BinHex';
  }

  /** Looks through decoded text, in pieces of whatever size. */
  read(bytes: Buffer): void {
    const text = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    const end = endOfSearch(text);
    this.#waiting = Buffer.from(text.subarray(end, end + LONGEST_LINE));
    this.#search(text.subarray(0, end));
  }

  /** A text has ended, its last line perhaps without its end. */
  end(): void {
    this.#search(this.#waiting);
    this.#waiting = Buffer.alloc(0);
  }

  #search(bytes: Buffer): void {
    if (!BEGINNINGS.some((beginning) => bytes.includes(beginning))) return;
    const text = bytes.toString().replace(/\r+\n/g, '\n');
    if (text.startsWith(BINHEX) || text.includes(`\n${BINHEX}`)) this.#doubt ??= 'a file in BinHex';
    for (const form of [UUENCODED, YENC]) for (const [, name = ''] of text.matchAll(form)) this.#names.push(name.trim());
    for (const [, name = ''] of text.matchAll(UUENCODED_BADLY)) if (FILE.test(name.trim())) this.#names.push(name.trim());
    for (const [, name = '', line = ''] of text.matchAll(UUENCODED_LOOSELY)) if (isCode(line)) this.#names.push(withoutMode(name));
    if (this.#names.length > MOST_NAMES) this.#doubt ??= `more than ${MOST_NAMES} files in a text`;
    this.#names = this.#names.slice(0, MOST_NAMES);
  }
}

const withoutMode = (name: string): string => name.replace(/^\S+[ \t]+(?=\S)/, '').trim();

/** Behind the last whole line; in front of it if it may begin a file, for which the next one tells. */
const endOfSearch = (text: Buffer): number => {
  const end = text.lastIndexOf(LF) + 1;
  const line = end < 2 ? 0 : text.lastIndexOf(LF, end - 2) + 1;
  return text.subarray(line, line + BEGIN.length).equals(BEGIN) && end - line < LONGEST_LINE ? line : end;
};
