/*
 * The names of the files in a TNEF container (MS-OXTNEF), `winmail.dat`, which Outlook and others unpack unasked. It is a
 * row of attributes: the short name of a file is one, the long one stands among the MAPI properties of another. What is
 * no name is passed over as it comes, however large.
 */

const SIGNATURE = 0x223e9f78;
/** Signature and key. */
const START = 6;
/** Level, id and length in front of an attribute's data; a checksum behind it. */
const HEAD = 9;
const CHECKSUM = 2;

const TITLE = 0x00018010;
const PROPERTIES = 0x00069005;
/** The contents of a file. */
const DATA = 0x0006800f;
/** More properties than this are no names. */
const LONGEST_KEPT = 256 * 1024;
/** Names beyond this are no mail anybody writes, and each costs rules a look. */
const MOST_FILES = 1000;

/** PR_ATTACH_FILENAME, PR_ATTACH_LONG_FILENAME, PR_DISPLAY_NAME, PR_ATTACH_EXTENSION, as 8-bit text or UTF-16. */
const NAME_PROPERTIES: readonly number[] = [0x3704, 0x3707, 0x3001, 0x3703];
const TEXT_8BIT = 0x001e;
const TEXT_UTF16 = 0x001f;

/** PR_ATTACH_DATA_OBJ, an attached message or object: the id of an interface, then TNEF in the case of a message. */
const OBJECT = 0x3701;
const INTERFACE_ID = 16;

/** Containers within containers. */
const DEEPEST = 5;

const NOTHING = Buffer.alloc(0);

export class TnefNames {
  readonly #depth: number;
  #waiting: Buffer = NOTHING;
  /** Bytes still to be passed over. */
  #skip = 0;
  /** Reads the contents of a file, of which so many bytes are left, while they are passed over. */
  #inner: { readonly names: TnefNames; left: number } | null = null;
  #isTnef: boolean | null = null;
  #names: string[] = [];
  #doubt: string | null = null;

  constructor(depth = 1) {
    this.#depth = depth;
  }

  /** Looks at the next bytes of a file, TNEF or not. */
  read(bytes: Buffer): void {
    if (this.#isTnef === false) return;
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    if (this.#isTnef === null && this.#waiting.length >= START) this.#start();
    while (this.#isTnef && this.#next());
    if (this.#names.length > MOST_FILES) this.#giveUp(`more than ${MOST_FILES} files in a TNEF container`);
  }

  #giveUp(doubt: string): void {
    this.#doubt ??= doubt;
    this.#names = [];
    this.#isTnef = false;
    this.#waiting = NOTHING;
  }

  /** As written. Complete when the file has been read. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The file has ended: why there may be other names in it. */
  end(): string | null {
    if (this.#names.some((name) => MESSAGE_FILE.test(name))) this.#doubt ??= 'a message in a TNEF container';
    if (this.#isTnef === true && (this.#waiting.length > 0 || this.#skip > 0)) this.#doubt ??= 'a TNEF container that breaks off';
    return this.#doubt;
  }

  #start(): void {
    this.#isTnef = this.#waiting.readUInt32LE(0) === SIGNATURE;
    this.#waiting = this.#isTnef ? this.#waiting.subarray(START) : NOTHING;
    if (this.#isTnef && this.#depth > DEEPEST) this.#giveUp('TNEF containers within TNEF containers');
  }

  #take(length: number): Buffer {
    const taken = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(taken.length);
    return taken;
  }

  /** Reads the next attribute; false when more bytes are needed. */
  #next(): boolean {
    this.#pass();
    if (this.#skip > 0 || this.#waiting.length < HEAD) return false;
    const id = this.#waiting.readUInt32LE(1);
    const length = this.#waiting.readUInt32LE(5);
    const isKept = id === TITLE || id === PROPERTIES;
    if (isKept && length > LONGEST_KEPT) this.#doubt ??= 'a TNEF container with very long properties';
    if (isKept && length <= LONGEST_KEPT) return this.#keep(id, length);
    this.#take(HEAD);
    this.#skip = length + CHECKSUM;
    if (id === DATA) this.#inner = { names: new TnefNames(this.#depth + 1), left: length };
    return true;
  }

  #pass(): void {
    const passed = this.#take(this.#skip);
    this.#skip -= passed.length;
    if (!this.#inner) return;
    this.#inner.names.read(passed.subarray(0, this.#inner.left));
    this.#inner.left -= passed.length;
    if (this.#skip > 0) return;
    this.#add(this.#inner.names);
    this.#inner = null;
  }

  #add(inner: TnefNames): void {
    this.#doubt ??= inner.end();
    this.#names.push(...inner.names);
  }

  #keep(id: number, length: number): boolean {
    if (this.#waiting.length < HEAD + length + CHECKSUM) return false;
    const data = this.#take(HEAD + length + CHECKSUM).subarray(HEAD, HEAD + length);
    if (id === TITLE) this.#names.push(upToNul(data.toString('latin1')));
    else this.#properties(data);
    return true;
  }

  #object(bytes: Buffer): void {
    const inner = new TnefNames(this.#depth + 1);
    inner.read(bytes);
    this.#add(inner);
  }

  #properties(data: Buffer): void {
    try {
      for (const { id, type, value } of propertiesIn(data)) {
        if (NAME_PROPERTIES.includes(id)) this.#names.push(textOf(value, type));
        if (id === OBJECT) this.#object(value.subarray(INTERFACE_ID));
      }
    } catch {
      this.#doubt ??= 'a TNEF container that cannot be read';
    }
  }
}

const MESSAGE_FILE = /\.(?:eml|nws|mht|mhtml)[.\s]*$/i;

const upToNul = (text: string): string => text.split('\0', 1)[0] ?? '';

const padded = (length: number): number => length + ((4 - (length % 4)) % 4);

/** Bytes of a property's value by its type, where they are fixed (MS-OXCDATA 2.11.1). */
const FIXED: ReadonlyMap<number, number> = new Map([
  ...[0x0001, 0x0002, 0x0003, 0x0004, 0x000a, 0x000b].map((type) => [type, 4] as const),
  ...[0x0005, 0x0006, 0x0007, 0x0014, 0x0040].map((type) => [type, 8] as const),
  [0x0048, 16],
]);

const MULTIPLE = 0x1000;
const NAMED_FROM = 0x8000;
const BY_NAME = 1;

interface Property {
  readonly id: number;
  readonly type: number;
  readonly value: Buffer;
}

/** The properties of a file that have no fixed size, each value of one with several by itself. Throws where the bytes are no properties. */
function* propertiesIn(data: Buffer): Generator<Property> {
  const count = data.readUInt32LE(0);
  let at = 4;
  for (let property = 0; property < count; property++) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= NAMED_FROM) at += 20 + (data.readUInt32LE(at + 16) === BY_NAME ? padded(data.readUInt32LE(at + 20)) + 4 : 4);
    const { values, end } = valuesAt(data, at, type);
    at = end;
    for (const value of values) yield { id, type: type & ~MULTIPLE, value };
  }
}

interface Values {
  readonly values: readonly Buffer[];
  /** Behind them. */
  readonly end: number;
}

const valuesAt = (data: Buffer, start: number, type: number): Values => {
  const single = type & ~MULTIPLE;
  const fixed = FIXED.get(single);
  const several = fixed === undefined || type !== single;
  const count = several ? data.readUInt32LE(start) : 1;
  const first = several ? start + 4 : start;
  if (fixed !== undefined) return { values: [], end: first + padded(fixed * count) };
  const values: Buffer[] = [];
  let at = first;
  for (let value = 0; value < count; value++) {
    const length = data.readUInt32LE(at);
    if (at + 4 + length > data.length) throw new RangeError('a value longer than its container');
    values.push(data.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return { values, end: at };
};

const textOf = (bytes: Buffer, type: number): string =>
  type === TEXT_8BIT || type === TEXT_UTF16 ? upToNul(bytes.toString(type === TEXT_UTF16 ? 'utf16le' : 'latin1')) : '';
