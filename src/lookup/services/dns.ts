import { isIP } from 'node:net';
import type { DnsService } from '../../policy/services.ts';
import type { DnsAnswer, MxRecord } from '../answer.ts';
import { LookupFailure } from '../failure.ts';
import { reverseName } from '../ip.ts';
import { hostName } from '../names.ts';
import type { Resolver } from '../resolver.ts';
import type { Service } from '../service.ts';

/**
 * DNS as policy and delivery ask for it. Names out of answers are checked: a PTR record that holds no host
 * name is left out, and a domain whose MX records all hold none has a malformed answer, not "no MX".
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

/** RFC 7505 3: an exchange of the root alone says that the domain takes no mail. */
const usableExchange = ({ preference, exchange }: MxRecord): readonly MxRecord[] => {
  if (exchange === '') return [{ preference, exchange }];
  const name = hostName(exchange);
  return name === null ? [] : [{ preference, exchange: name }];
};
