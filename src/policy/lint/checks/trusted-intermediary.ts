import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { formatIp, type IpWords, maskIp, type Prefix, parsePrefix } from '../../ip.ts';
import { asArray } from '../../json.ts';
import type { ConditionSyntax, GrantSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import type { factConditions } from '../guarded.ts';
import { listAsked, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { holdsFor, testOf } from '../values/leaf.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';

export const trustedIntermediary: LintCheck = {
  name: 'trusted-intermediary',
  codes: ['RLY4033'],
  doc: 'No grant trusts the address of a proxy, or of a gateway of containers.',
  avoid: `
grants:
  - { id: inside, when: { client.ip: 10.0.0.0/24 } }
  - { id: containers, when: { client.ip: 172.17.0.0/16 } }
`,
  prefer: `
grants:
  - { id: inside, when: { client.ip: 10.0.1.0/24 } }
  - { id: container, when: { client.ip: 172.17.0.8 } }
  - { id: private, when: { client.ip: [172.16.0.0/12, 192.168.0.0/16] } }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    const proxies = (site.surroundings?.proxies ?? []).flatMap((network) => parsePrefix(network) ?? []);
    return site.files.flatMap((file) => file.grants).flatMap((grant) => checkGrant(grant, proxies, reasoning));
  },
};

/** Addresses of the proxies that a grant may name: where their network begins, and where those of the grant do within it. */
const addressesOf = (proxy: Prefix, uses: readonly OperatorUse[], { named }: Reasoning): readonly string[] => {
  const written = uses.flatMap(({ operator, operand }) => {
    const list = named.get(listAsked({ operator, operand }) ?? '');
    return list === undefined ? asArray(operand.value).map(String) : list.entries.map(({ text }) => text);
  });
  const begins = written.flatMap((text) => parsePrefix(text) ?? []).filter(({ words }) => isWithin(words, proxy));
  return [proxy, ...begins].map(({ words }) => formatIp(words));
};

const isWithin = (words: IpWords, { words: network, length }: Prefix): boolean =>
  words.length === network.length && maskIp(words, length).every((word, at) => word === network[at]);

/** Default gateways of containers, with addresses beside their networks. */
const GATEWAYS = [
  { gateway: '172.17.0.1', of: 'Docker', beside: ['172.16.0.1', '172.18.0.1'] },
  { gateway: '10.88.0.1', of: 'Podman', beside: ['10.87.0.1', '10.89.0.1'] },
] as const;

const checkGrant = (grant: GrantSyntax, proxies: readonly Prefix[], reasoning: Reasoning): readonly Diagnostic[] => {
  const uses = positive(grant.when)
    .filter(({ fact }) => fact === 'client.ip')
    .flatMap(operatorUses)
    .filter(({ operator }) => operator === 'eq' || operator === 'in');
  const letsIn = (ip: string): OperatorUse | undefined => uses.find((use) => holds(use, ip, reasoning));
  const proxy = proxies.flatMap((one) => addressesOf(one, uses, reasoning)).find((ip) => letsIn(ip) !== undefined);
  if (proxy !== undefined) return [told(grant, letsIn(proxy), { what: `the proxy ${proxy}`, help: OF_PROXIES })];
  const container = GATEWAYS.find(({ gateway, beside }) => letsIn(gateway) !== undefined && beside.every((ip) => letsIn(ip) === undefined));
  if (container === undefined) return [];
  return [told(grant, letsIn(container.gateway), { what: `${container.gateway}, the gateway of ${container.of}`, help: OF_CONTAINERS })];
};

const OF_PROXIES = 'What a proxy sends without the address of a client counts as its own. Leave the proxy out of the network.';

const OF_CONTAINERS =
  'A published port can hide all clients of the internet behind this address. Name the addresses of the containers, or let them log in.';

/** Conditions that let in who meets them. */
const positive = (condition: ConditionSyntax): ReturnType<typeof factConditions> => {
  if (condition.kind === 'fact') return [condition];
  return condition.kind === 'all' || condition.kind === 'any' ? condition.parts.flatMap(positive) : [];
};

const holds = ({ operator, operand, type }: OperatorUse, ip: string, { lists }: Reasoning): boolean => {
  const test = testOf({ operator, operand: operand.value, type }, lists);
  return test !== null && holdsFor(test, ip) === true;
};

const told = (
  { id, idAt }: GrantSyntax,
  use: OperatorUse | undefined,
  { what, help }: { readonly what: string; readonly help: string },
): Diagnostic =>
  diagnose('RLY4033', idAt, {
    message: `${id} trusts ${what}`,
    help,
    related: use === undefined ? [] : [{ at: use.at, message: 'the network' }],
  });
