import packet, { type Answer, type DecodedPacket, type TxtData } from 'dns-packet';
import type { DnsAnswer, MxRecord, RecordType } from './answer.ts';
import { LookupFailure } from './failure.ts';

const DAY = 86_400_000;
/** RFC 2308 5 wants hours at most for «there is none»; mail set up a moment ago should not wait that long. */
const NEGATIVE = 900_000;
const CNAMES = 12;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
}

/** A recursive query with room for an answer of 1,232 octets. RFC 1035 4.1, RFC 6891. */
export const encodeQuery = ({ id, name, type }: Question): Buffer =>
  packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: [
      { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] },
    ],
  });

/** The reply if it answers `question`, or `null`: a stray or forged packet is passed over, not believed. RFC 5452 4. */
export const decodeReply = (bytes: Buffer, question: Question): DecodedPacket | null => {
  const reply = tryDecode(bytes);
  const asked = reply?.questions?.[0];
  if (!reply?.flag_qr || reply.id !== question.id || asked?.type !== question.type) return null;
  return asked.name.toLowerCase() === question.name ? reply : null;
};

const tryDecode = (bytes: Buffer): DecodedPacket | null => {
  try {
    return packet.decode(bytes);
  } catch {
    return null;
  }
};

/** Throws `LookupFailure` for a response code that is no answer. RFC 1035 4.1.1, RFC 2308. */
export const answerOf = (reply: DecodedPacket, { name, type }: Question): DnsAnswer => {
  const rcode = (reply.flags ?? 0) & 15;
  if (rcode === 5) throw new LookupFailure('refused', `${type} ${name}`);
  if (rcode !== 0 && rcode !== 3) throw new LookupFailure('server failure', `${type} ${name}`);
  const { records, ttl } = follow(reply.answers ?? [], name, type);
  if (records.length === 0)
    return { status: rcode === 3 ? 'no such name' : 'no data', values: [], exchanges: [], ttl: Math.min(ttl, negativeTtl(reply)) };
  return { status: 'found', values: records.flatMap(valuesIn), exchanges: records.flatMap(exchangesIn), ttl };
};

/** The records at the end of the chain of aliases, and the shortest time to live on the way. RFC 1034 3.6.2. */
const follow = (answers: readonly Answer[], asked: string, type: RecordType): { records: readonly Answer[]; ttl: number } => {
  let name = asked;
  let ttl = DAY;
  for (let hop = 0; hop < CNAMES; hop += 1) {
    const here = answers.filter((answer) => answer.name.toLowerCase() === name);
    const records = here.filter((answer) => answer.type === type);
    if (records.length > 0) return { records, ttl: Math.min(ttl, ...records.map(milliseconds)) };
    const alias = here.find((answer) => answer.type === 'CNAME');
    if (alias?.type !== 'CNAME') return { records: [], ttl };
    ttl = Math.min(ttl, milliseconds(alias));
    name = alias.data.toLowerCase();
  }
  throw new LookupFailure('malformed answer', `${type} ${asked} leads through too many aliases`);
};

/** RFC 2181 8: a TTL with the top bit set counts as 0. */
const milliseconds = (answer: Answer): number => {
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return ttl > 0x7fffffff ? 0 : ttl * 1000;
};

/** The smaller of the SOA's own time and its minimum; without a SOA nothing is kept. RFC 2308 5. */
const negativeTtl = (reply: DecodedPacket): number => {
  const soa = reply.authorities?.find((record) => record.type === 'SOA');
  if (soa?.type !== 'SOA') return 0;
  return Math.min(milliseconds(soa), (soa.data.minimum ?? 0) * 1000, NEGATIVE);
};

const valuesIn = (record: Answer): readonly string[] => {
  if (record.type === 'A' || record.type === 'AAAA' || record.type === 'PTR') return [record.data];
  return record.type === 'TXT' ? [joined(record.data)] : [];
};

const joined = (data: TxtData): string =>
  [data]
    .flat()
    .map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    .join('');

const exchangesIn = (record: Answer): readonly MxRecord[] =>
  record.type === 'MX' ? [{ preference: record.data.preference ?? 0, exchange: record.data.exchange.replace(/\.$/, '') }] : [];
