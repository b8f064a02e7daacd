import { isIP } from 'node:net';
import type { DnsService } from '../../policy/services.ts';
import type { DnsAnswer, MxRecord } from '../answer.ts';
import { LookupFailure } from '../failure.ts';
import { reverseName } from '../ip.ts';
import { hostName } from '../names.ts';
import type { Resolver } from '../resolver.ts';
import type { Service } from '../service.ts';

/**
 * DNS for policy and delivery. Names in answers are checked: a PTR record without a valid host name is left
 * out, and if no MX record of a domain has one, the answer is malformed, not "no MX".
 */
export const dnsService = (resolver: Resolver): DnsService => ({
  reverse: async (ip, signal) => {
    const { values } = await resolver.query(reverseName(ip), 'PTR', signal);
    return values.map(hostName).filter((name) => name !== null);
  },
  addresses: async (domain, signal) => {
    const answers = await Promise.all([resolver.query(domain, 'A', signal), resolver.query(domain, 'AAAA', signal)]);
    return answers.flatMap(({ values }) => values).filter((ip) => isIP(ip) !== 0);
  },
  mx: async (domain, signal) => exchanges(await resolver.query(domain, 'MX', signal), domain),
  txt: async (domain, signal) => (await resolver.query(domain, 'TXT', signal)).values,
});

export const dns: Service<'dns'> = {
  name: 'dns',
  open: (_, { resolver }) => {
    const service = dnsService(resolver);
    return () => service;
  },
};

const exchanges = (answer: DnsAnswer, domain: string): readonly MxRecord[] => {
  const usable = answer.exchanges.flatMap(usableExchange).sort((a, b) => a.preference - b.preference);
  if (usable.length === 0 && answer.exchanges.length > 0) throw new LookupFailure('malformed answer', `MX ${domain}`);
  return usable;
};

/** RFC 7505 3: a single MX of "." says that the domain accepts no mail. */
const usableExchange = ({ preference, exchange }: MxRecord): readonly MxRecord[] => {
  if (exchange === '') return [{ preference, exchange }];
  const name = hostName(exchange);
  return name === null ? [] : [{ preference, exchange: name }];
};
