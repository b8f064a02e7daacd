import { formatIp } from '../policy/ip.ts';

/*
 * Reads what a DNS server answered, RFC 1035 4.1, as far as we ask: the question, the answers, and how long
 * an absence may be kept. Strangers write these packets: each byte is read once, and the name behind a
 * pointer is known after it was read, so that no chain of them costs more than its own bytes.
 */

export interface DnsReply {
  readonly id: number;
  readonly isReply: boolean;
  readonly truncated: boolean;
  /** The server speaks for the zone, or asks others for us (RFC 1035 4.1.1 AA, RA). */
  readonly authoritative: boolean;
  readonly recursive: boolean;
  /** RFC 1035 4.1.1, with the upper bits of RFC 6891 6.1.3. */
  readonly code: number;
  readonly question: { readonly name: string; readonly type: string } | null;
  readonly answers: readonly DnsRecord[];
  /** Seconds; `null` without a SOA. RFC 2308 5. */
  readonly absence: number | null;
  /** Names other servers, and holds no SOA: "ask them" (RFC 2308 2.1.1). */
  readonly refers: boolean;
}

/** Names in lower case, without the final dot; `ttl` in seconds. */
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  /** An address, a name, or a text with one octet a character. */
  readonly value: string;
  /** Of an MX. */
  readonly preference: number;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
]);
const INTERNET = 1;
const OPT = 41;
const HEADER = 12;
const LONGEST_NAME = 255;
/** A name of 255 octets has 127 labels, and few senders compress it more than once. */
const MOST_POINTERS = 32;

/** `null` for what is no DNS packet. */
export const readReply = (bytes: Buffer): DnsReply | null => {
  try {
    return new PacketReader(bytes).read();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

class PacketReader {
  readonly #bytes: Buffer;
  readonly #names = new Map<number, string>();
  #at = HEADER;
  #upperCode = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): DnsReply {
    const flags = this.#bytes.readUInt16BE(2);
    const [question = null] = this.#times(4, () => this.#question());
    const answers = this.#times(6, () => this.#record());
    const authorities = this.#times(8, () => this.#record());
    this.#times(10, () => this.#record());
    const soa = authorities.find((record) => record?.type === 'SOA');
    return {
      id: this.#bytes.readUInt16BE(0),
      isReply: (flags & 0x8000) !== 0,
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursive: (flags & 0x0080) !== 0,
      code: (flags & 15) | this.#upperCode,
      question,
      answers: answers.filter((record) => record !== null),
      absence: soa ? Math.min(seconds(soa.ttl), seconds(Number(soa.value))) : null,
      refers: soa === undefined && authorities.some((record) => record?.type === 'NS'),
    };
  }

  /** As often as the count at `countAt` says; reading past the end throws. */
  #times<Item>(countAt: number, read: () => Item): readonly Item[] {
    return Array.from({ length: this.#bytes.readUInt16BE(countAt) }, read);
  }

  #question() {
    const name = this.#name();
    const type = TYPES.get(this.#number(2)) ?? '';
    this.#at += 2;
    return { name, type };
  }

  /** `null` for a type nobody asks for. */
  #record(): DnsRecord | null {
    const name = this.#name();
    const [type, family, ttl, length] = [this.#number(2), this.#number(2), this.#number(4), this.#number(2)];
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a record is cut off');
    // RFC 6891 6.1.3: the first octet of what is a time elsewhere.
    if (type === OPT) this.#upperCode = (ttl >>> 24) << 4;
    const known = family === INTERNET ? TYPES.get(type) : undefined;
    const record = known === undefined ? null : { name, type: known, ttl: seconds(ttl), ...this.#data(known, end) };
    this.#at = end;
    return record;
  }

  #data(type: string, end: number): Pick<DnsRecord, 'value' | 'preference'> {
    const preference = type === 'MX' ? this.#number(2) : 0;
    if (type === 'TXT') return { value: this.#text(end), preference };
    if (type === 'A' || type === 'AAAA') return { value: this.#address(type, end), preference };
    if (type === 'SOA') return { value: String(this.#minimum(end)), preference };
    return { value: this.#name(), preference };
  }

  #address(type: 'A' | 'AAAA', end: number): string {
    const words = type === 'A' ? [0] : [0, 4, 8, 12];
    if (end - this.#at !== words.length * 4) throw new RangeError('an address of the wrong length');
    return formatIp(words.map((offset) => this.#bytes.readUInt32BE(this.#at + offset)));
  }

  /** Strings are joined without anything between them (RFC 7208 3.3, RFC 6376 3.6.2.2). */
  #text(end: number): string {
    const parts: string[] = [];
    for (let at = this.#at; at < end; ) {
      const length = this.#bytes.readUInt8(at);
      if (at + 1 + length > end) throw new RangeError('a text is cut off');
      parts.push(this.#bytes.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    return parts.join('');
  }

  #minimum(end: number): number {
    return this.#bytes.readUInt32BE(end - 4);
  }

  #number(octets: number): number {
    const value = this.#bytes.readUIntBE(this.#at, octets);
    this.#at += octets;
    return value;
  }

  #name(): string {
    const { name, next } = this.#nameAt(this.#at, 0);
    this.#at = next;
    return name;
  }

  /** RFC 1035 4.1.4: a pointer leads to a name that stands before. */
  #nameAt(start: number, pointers: number): { readonly name: string; readonly next: number } {
    const labels: string[] = [];
    let at = start;
    for (let length = this.#bytes.readUInt8(at); length !== 0; length = this.#bytes.readUInt8(at)) {
      if (length >= 0xc0) {
        const target = this.#bytes.readUInt16BE(at) & 0x3fff;
        if (target >= start || pointers >= MOST_POINTERS) throw new RangeError('a pointer leads astray');
        const suffix = this.#names.get(target) ?? this.#nameAt(target, pointers + 1).name;
        return { name: this.#known(start, suffix === '' ? labels : [...labels, suffix]), next: at + 2 };
      }
      if (length > 63 || labels.length > LONGEST_NAME / 2) throw new RangeError('not a label');
      labels.push(this.#label(at + 1, length));
      at += 1 + length;
    }
    return { name: this.#known(start, labels), next: at + 1 };
  }

  #label(start: number, length: number): string {
    if (start + length > this.#bytes.length) throw new RangeError('a label is cut off');
    return this.#bytes.toString('latin1', start, start + length).toLowerCase();
  }

  #known(at: number, labels: readonly string[]): string {
    const name = labels.join('.');
    if (name.length > LONGEST_NAME) throw new RangeError('a name is too long');
    this.#names.set(at, name);
    return name;
  }
}

/** RFC 2181 8: a time with the top bit set counts as 0. */
const seconds = (time: number): number => (time > 0x7fffffff ? 0 : time);
