import { BlockList, isIPv4 } from 'node:net';
import type { Blocklists } from '../../policy/services.ts';
import { LookupFailure } from '../failure.ts';
import { reversed } from '../ip.ts';
import type { Resolver } from '../resolver.ts';
import type { Service } from '../service.ts';

declare module '../failure.ts' {
  interface FailureKinds {
    /** The list refused to answer, or what answered is not a list. */
    'blocklist error': true;
  }
}

/** One DNS list of `dnsbl:` in config/relay.yaml. */
export interface BlocklistConfig {
  readonly zone: string;
  /** Name of a code -> an address, a prefix or a range `first-last`; several as an array. */
  readonly codes: Readonly<Record<string, string | readonly string[]>>;
  /** What the list answers when it refuses to answer. */
  readonly errors?: string | readonly string[];
}

interface CompiledList {
  readonly zone: string;
  readonly codes: readonly { readonly name: string; readonly answers: BlockList }[];
  readonly errors: BlockList;
}

/**
 * DNS lists, RFC 5782. An answer outside 127.0.0.0/8 (a wildcard of the new owner of a dead list's domain) or
 * inside the error range is no listing: the check rejects. A listed address of no named code is listed as `other`.
 * Throws `TypeError` on a code that is not an address or range.
 */
export const blocklists: Service<'blocklists', { readonly dnsbl: Readonly<Record<string, BlocklistConfig>> }> = {
  name: 'blocklists',
  open: ({ dnsbl }, { resolver }) => {
    const service = blocklistService(dnsbl, resolver);
    return () => service;
  },
};

const blocklistService = (config: Readonly<Record<string, BlocklistConfig>>, resolver: Resolver): Blocklists => {
  const lists = new Map(Object.entries(config).map(([name, list]) => [name, compileList(list)]));
  return {
    check: async (name, ip, signal) => {
      const list = lists.get(name);
      if (list === undefined) throw new LookupFailure('not configured', `dnsbl.${name}`);
      const { values } = await resolver.query(`${reversed(ip)}.${list.zone}`, 'A', signal);
      return codesOf(list, values);
    },
  };
};

const codesOf = (list: CompiledList, answers: readonly string[]): readonly string[] => {
  for (const answer of answers)
    if (!answer.startsWith('127.') || list.errors.check(answer))
      throw new LookupFailure('blocklist error', `${list.zone} answered ${answer}`);
  const named = list.codes.filter((code) => answers.some((answer) => code.answers.check(answer))).map((code) => code.name);
  return named.length === 0 && answers.length > 0 ? ['other'] : named;
};

/** What public lists answer to an open resolver, or to who asks too much (Spamhaus: 127.255.255.254 and 255). */
const REFUSAL = '127.255.255.254';

/** The codes that a refusal of the list to answer would be taken for; none where its errors are configured. */
export const listedOnError = (config: BlocklistConfig): readonly string[] => {
  const list = compileList(config);
  return list.errors.check(REFUSAL) ? [] : codesOf(list, [REFUSAL]);
};

const compileList = ({ zone, codes, errors = [] }: BlocklistConfig): CompiledList => ({
  zone,
  codes: Object.entries(codes).map(([name, answers]) => ({ name, answers: addressSet(answers) })),
  errors: addressSet(errors),
});

/** Throws `TypeError` for what is no IPv4 address, prefix or range. */
const addressSet = (written: string | readonly string[]): BlockList => {
  const set = new BlockList();
  for (const text of [written].flat()) addTo(set, text.trim());
  return set;
};

/** Why an answer cannot be used in the configuration of a list; `null` if it can. */
export const blocklistFault = (answer: string): string | null => {
  try {
    addressSet(answer);
    return null;
  } catch {
    return `${answer} is not an IPv4 address, prefix or range`;
  }
};

const addTo = (set: BlockList, text: string): void => {
  const [first = '', last] = text.split('-').map((part) => part.trim());
  const [network = '', bits] = first.split('/');
  if (!isIPv4(network)) throw new TypeError(`"${text}" is no IPv4 address, prefix or range`);
  if (last !== undefined) set.addRange(network, last);
  else if (bits !== undefined) set.addSubnet(network, Number(bits));
  else set.addAddress(network);
};
