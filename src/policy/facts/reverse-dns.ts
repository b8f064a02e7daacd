import type { FactDefinition, LookUp } from '../fact-definition.ts';
import { domainName, STRANGE_NAME } from '../possible.ts';
import { boolean } from '../types/boolean.ts';
import { domain } from '../types/domain.ts';
import { ip } from '../types/ip.ts';
import { type FactSource, Unknown } from '../value.ts';

/** Names beyond this many are not followed: RFC 7208 4.6.4 sets the same bound for the same reason. */
const MAX_NAMES = 10;

const clientIp = (facts: FactSource): string | null => {
  const address = facts.get('client.ip');
  return typeof address === 'string' ? address : null;
};

const isSame = (candidate: string, address: string): boolean => ip.normalize(candidate) === ip.normalize(address);

const firstName = async ({ facts, services, signal }: LookUp): Promise<string | null> => {
  const address = clientIp(facts);
  return address === null ? null : ((await services.dns.reverse(address, signal))[0] ?? null);
};

/** RFC 1912 2.1: some name of the address leads back to it. One that cannot be resolved spoils only its own proof. */
const isConfirmed = async (request: LookUp): Promise<boolean | null> => {
  const address = clientIp(request.facts);
  if (address === null) return null;
  const answers = await Promise.allSettled((await namesOf(address, request)).map((name) => leadsTo(name, address, request)));
  if (answers.some((answer) => answer.status === 'fulfilled' && answer.value)) return true;
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return false;
};

/** `lookup_rdns` may have replaced the name: then that one has to prove itself. */
const namesOf = async (address: string, { facts, services, signal }: LookUp): Promise<readonly string[]> => {
  const known = facts.get('client.rdns');
  if (typeof known === 'string') return [known];
  if (known === null) return [];
  if (known instanceof Unknown) throw new Error(known.reason);
  return (await services.dns.reverse(address, signal)).slice(0, MAX_NAMES);
};

const leadsTo = async (name: string, address: string, { services, signal }: LookUp): Promise<boolean> => {
  const found = await services.dns.addresses(name, signal);
  return found.some((candidate) => isSame(candidate, address));
};

const common = { provider: 'lookup', changedByRules: 'later', collection: false, from: 'connect', lifetime: 'connection' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    keptWithMail: true,
    name: 'client.rdns',
    type: domain,
    possible: { ...domainName, form: STRANGE_NAME },
    doc: 'Reverse DNS name of the client, the first if there are several; absent if there is none.',
    example: { when: { 'client.rdns': { glob: '*.dyn.example.net' } }, given: { 'client.rdns': 'h7.dyn.example.net' }, holds: true },
    lookUp: firstName,
    assumed: { doc: '`mx.client.example`', value: () => 'mx.client.example' },
  },
  {
    ...common,
    name: 'client.fcrdns',
    type: boolean,
    doc: 'A reverse name of the client resolves back to its address. False if it has no reverse name.',
    example: { when: { 'client.fcrdns': false }, given: { 'client.fcrdns': 'unknown' }, holds: undefined },
    lookUp: isConfirmed,
    assumed: {
      doc: '`true`; `false` where `client.rdns` is given as `absent`',
      value: (given) => {
        const name = given.get('client.rdns');
        return name instanceof Unknown ? name : name !== null;
      },
    },
  },
];
