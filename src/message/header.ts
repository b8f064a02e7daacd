import { type HeaderEnd, HeaderScan, isBlankAt, isField, lineEnd } from './header-end.ts';
import { decodeValue } from './header-value.ts';

/** One field of a header, its bytes untouched: continuation lines and the closing CRLF included. */
export class HeaderField {
  readonly raw: Buffer;
  /** As written. */
  readonly name: string;
  readonly #colon: number;
  #value: string | null = null;

  constructor(raw: Buffer) {
    this.raw = raw;
    this.#colon = raw.indexOf(':');
    this.name = raw.toString('latin1', 0, this.#colon).trimEnd();
  }

  /** Everything after the colon up to the end of the last line, one character per byte. */
  get rawValue(): string {
    return this.raw.toString('latin1', this.#colon + 1).replace(/\r\n$/, '');
  }

  /** Unfolded and decoded (RFC 2047), without control characters; computed on first use. */
  get value(): string {
    this.#value ??= decodeValue(this.raw.subarray(this.#colon + 1));
    return this.#value;
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * The header of a message as it arrived. `fieldBytes` are its fields, `separator` the empty line below them,
 * or nothing if the message ends with its header.
 */
export class RawHeader {
  readonly fieldBytes: Buffer;
  readonly separator: Buffer;
  #fields: readonly HeaderField[] | null = null;
  #named: Map<string, HeaderField[]> | null = null;

  constructor(fieldBytes: Buffer, separator: Buffer = NOTHING) {
    this.fieldBytes = fieldBytes;
    this.separator = separator;
  }

  get length(): number {
    return this.fieldBytes.length + this.separator.length;
  }

  get fields(): readonly HeaderField[] {
    this.#fields ??= splitFields(this.fieldBytes);
    return this.#fields;
  }

  /** The fields with this name, case-insensitive, from the top. */
  named(name: string): readonly HeaderField[] {
    this.#named ??= byName(this.fields);
    return this.#named.get(name.toLowerCase()) ?? [];
  }

  /** The decoded values of all fields with this name, from the top; empty if there are none. */
  values(name: string): string[] {
    return this.named(name).map((field) => field.value);
  }

  /** The number of fields with this name, without decoding any. */
  count(name: string): number {
    return this.named(name).length;
  }
}

const byName = (fields: readonly HeaderField[]): Map<string, HeaderField[]> => {
  const named = new Map<string, HeaderField[]>();
  for (const field of fields) {
    const name = field.name.toLowerCase();
    const same = named.get(name);
    if (same) same.push(field);
    else named.set(name, [field]);
  }
  return named;
};

const splitFields = (bytes: Buffer): HeaderField[] => {
  const fields: HeaderField[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = fieldEnd(bytes, start);
    fields.push(new HeaderField(bytes.subarray(start, end)));
    start = end;
  }
  return fields;
};

/** The end of the field that begins at `start`: lines that begin with white space continue it (RFC 5322 2.2.3). */
const fieldEnd = (bytes: Buffer, start: number): number => {
  for (let line = start; ; ) {
    const end = lineEnd(bytes, line);
    if (end < 0) return bytes.length;
    if (!isBlankAt(bytes, end)) return end;
    line = end;
  }
};

const EMPTY_LINE = Buffer.from('\r\n');
const MAILBOX_FIELD = Buffer.from('X-Mailbox-Line: ');

/**
 * The header that ends at `end` in `bytes`, as seen by rules, signed and sent. If no empty line ended it, one
 * is inserted; otherwise some readers would go on reading fields where others see the body. A mailbox line on top
 * becomes a field, since readers do not treat it as one.
 */
export const headerOf = (bytes: Buffer, { fields, separator }: HeaderEnd): RawHeader => {
  const fieldBytes = bytes.subarray(0, fields);
  const first = lineEnd(fieldBytes, 0);
  const named = fields === 0 || isField(fieldBytes, 0, first < 0 ? fields : first);
  return new RawHeader(
    named ? fieldBytes : Buffer.concat([MAILBOX_FIELD, fieldBytes]),
    fields + separator < bytes.length ? EMPTY_LINE : bytes.subarray(fields, fields + separator),
  );
};

/** Splits a whole message in memory into header and body. */
export const splitMessage = (bytes: Buffer): { readonly header: RawHeader; readonly body: Buffer } => {
  const end = new HeaderScan().find(bytes, true) ?? { fields: bytes.length, separator: 0 };
  return { header: headerOf(bytes, end), body: bytes.subarray(end.fields + end.separator) };
};
