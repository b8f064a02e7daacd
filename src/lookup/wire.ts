import packet from 'dns-packet';
import type { DnsAnswer, MxRecord, RecordType } from './answer.ts';
import { LookupFailure } from './failure.ts';
import { type DnsRecord, type DnsReply, readReply } from './reply.ts';

const DAY = 86_400_000;
/** RFC 2308 5 wants hours at most for "there is none"; mail set up a moment ago should not wait that long. */
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

/** The reply if it answers `question`, or `null`: a stray or forged packet is passed over, not trusted. RFC 5452 4. */
export const decodeReply = (bytes: Buffer, question: Question): DnsReply | null => {
  const reply = readReply(bytes);
  if (!reply?.isReply || reply.id !== question.id) return null;
  return reply.question?.type === question.type && reply.question.name === question.name ? reply : null;
};

/** Throws `LookupFailure` for what is no answer: a response code, a reply that was cut, a server that knows nothing of the name. RFC 1035 4.1.1, RFC 2308. */
export const answerOf = (reply: DnsReply, { name, type }: Question): DnsAnswer => {
  if (reply.code === 5) throw new LookupFailure('refused', `${type} ${name}`);
  if (reply.code !== 0 && reply.code !== 3) throw new LookupFailure('server failure', `${type} ${name}`);
  if (reply.truncated) throw new LookupFailure('malformed answer', `${type} ${name} is cut off over TCP, too`);
  const { records, ttl, end } = follow(reply.answers, name, type);
  if (records.length === 0) {
    if (isLame(reply, end !== name)) throw new LookupFailure('server failure', `${type} ${name}: the server does not know ${end}`);
    const status = reply.code === 3 ? 'no such name' : 'no data';
    return { status, values: [], exchanges: [], ttl: Math.min(ttl, negativeTtl(reply)) };
  }
  if (type === 'MX') return { status: 'found', values: [], exchanges: records.map(exchangeIn), ttl };
  return { status: 'found', values: records.map(({ value }) => value), exchanges: [], ttl };
};

/** An absence that the server cannot know of: it refers to others, or gives an alias into a zone that it neither has nor asks. */
const isLame = ({ code, refers, authoritative, recursive, absence }: DnsReply, aliased: boolean): boolean =>
  code === 0 && absence === null && ((refers && !authoritative) || (aliased && !recursive));

const exchangeIn = ({ preference, value }: DnsRecord): MxRecord => ({ preference, exchange: value });

interface Followed {
  readonly records: readonly DnsRecord[];
  readonly ttl: number;
  readonly end: string;
}

/** The records at the end of the chain of aliases, and the shortest time to live on the way. RFC 1034 3.6.2. */
const follow = (answers: readonly DnsRecord[], asked: string, type: RecordType): Followed => {
  let name = asked;
  let ttl = DAY;
  for (let hop = 0; hop < CNAMES; hop += 1) {
    const here = answers.filter((answer) => answer.name === name);
    const records = here.filter((answer) => answer.type === type);
    if (records.length > 0) return { records, ttl: records.reduce((least, record) => Math.min(least, record.ttl * 1000), ttl), end: name };
    const alias = here.find((answer) => answer.type === 'CNAME');
    if (alias === undefined) return { records: [], ttl, end: name };
    ttl = Math.min(ttl, alias.ttl * 1000);
    name = alias.value;
  }
  throw new LookupFailure('malformed answer', `${type} ${asked} leads through too many aliases`);
};

/** The smaller of the SOA's own time and its minimum; without a SOA nothing is kept. RFC 2308 5. */
const negativeTtl = ({ absence }: DnsReply): number => Math.min((absence ?? 0) * 1000, NEGATIVE);
