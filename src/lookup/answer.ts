export type RecordType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR';

export interface MxRecord {
  readonly preference: number;
  /** As answered, without the final dot; empty for the null MX of RFC 7505. */
  readonly exchange: string;
}

/** What DNS answered. No such name and no such data are answers; a failure is none and is thrown instead. */
export interface DnsAnswer {
  readonly status: 'found' | 'no data' | 'no such name';
  /** Addresses, names or texts; a text of several strings is joined, one octet a character. */
  readonly values: readonly string[];
  readonly exchanges: readonly MxRecord[];
  /** Milliseconds it may be kept; 0 is not at all. */
  readonly ttl: number;
}

/** What is said of a name that DNS cannot even be asked for. */
export const NO_SUCH_NAME: DnsAnswer = { status: 'no such name', values: [], exchanges: [], ttl: 0 };
