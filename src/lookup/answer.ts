export type RecordType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR';

export interface MxRecord {
  readonly preference: number;
  /** As answered, without the final dot; empty for the null MX of RFC 7505. */
  readonly exchange: string;
}

/** A DNS answer. "No such name" and "no data" are answers; failures are thrown instead. */
export interface DnsAnswer {
  readonly status: 'found' | 'no data' | 'no such name';
  /** Addresses, names or texts; multiple strings of a text are joined, one character per octet. */
  readonly values: readonly string[];
  readonly exchanges: readonly MxRecord[];
  /** Milliseconds it may be cached; 0 means not at all. */
  readonly ttl: number;
}

/** The answer for a name that cannot be queried at all. */
export const NO_SUCH_NAME: DnsAnswer = { status: 'no such name', values: [], exchanges: [], ttl: 0 };
