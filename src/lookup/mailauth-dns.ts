import type { DnsAnswer, RecordType } from './answer.ts';
import { failureOf, LookupFailure } from './failure.ts';
import type { Resolver } from './resolver.ts';

interface MxAnswer {
  readonly exchange: string;
  readonly priority: number;
}

class ResolveError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Our resolver in the shape of Node's `resolve`, for one run of mailauth, with the failures it met. Every failure goes in as `ETIMEOUT`: of others
 * mailauth passes over some (a server failure inside an SPF include), and what could not be found out would
 * become a «does not match».
 */
export const mailauthDns = (resolver: Resolver, signal: AbortSignal) => {
  const failures: LookupFailure[] = [];
  const ask = async (domain: string, type: RecordType): Promise<DnsAnswer> => {
    try {
      return await resolver.query(domain, type, signal);
    } catch (error) {
      const failure = failureOf(error);
      failures.push(failure);
      throw new ResolveError('ETIMEOUT', failure.message);
    }
  };
  async function resolve(domain: string, type: 'MX'): Promise<MxAnswer[]>;
  async function resolve(domain: string, type: string): Promise<string[] | string[][]>;
  async function resolve(domain: string, type: string): Promise<MxAnswer[] | string[] | string[][]> {
    const answer = await ask(domain, recordType(type));
    if (answer.status !== 'found') throw new ResolveError(answer.status === 'no data' ? 'ENODATA' : 'ENOTFOUND', `${type} ${domain}`);
    if (type === 'MX') return answer.exchanges.map(({ exchange, preference }) => ({ exchange, priority: preference }));
    return type === 'TXT' ? answer.values.map((text) => [text]) : [...answer.values];
  }
  return { resolve, failures };
};

const TYPES: Readonly<Record<string, RecordType>> = { A: 'A', AAAA: 'AAAA', MX: 'MX', TXT: 'TXT', PTR: 'PTR' };

const recordType = (type: string): RecordType => {
  const known = TYPES[type];
  if (known === undefined) throw new LookupFailure('internal fault', `mailauth asked for ${type}`);
  return known;
};
