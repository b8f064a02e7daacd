import type { ConditionSyntax } from '../../syntax.ts';
import type { Surroundings } from '../check.ts';
import type { Reasoning } from '../values/reasoning.ts';
import { candidates } from './candidates.ts';
import { STRANGER, type Traits } from './session.ts';

/*
 * Clients of the internet whom the site does not know. What they say of themselves they may make up: the sender, the HELO
 * name, and the name in their own reverse DNS, which then does not resolve back. SPF does not cover a made-up sender.
 */

/** A stranger, without an address and a recipient. */
export type Stranger = Omit<Traits, 'recipient' | 'ip'> & {
  /** States nothing but the truth. */
  readonly honest: boolean;
};

/** Addresses all over the internet, by family: no organisation has two of one line. */
export const ADDRESSES: Readonly<Record<'IPv4' | 'IPv6', readonly string[]>> = {
  IPv4: [
    '23.45.67.89',
    '41.45.67.89',
    '62.45.67.89',
    '81.45.67.89',
    '93.45.67.89',
    '118.45.67.89',
    '139.45.67.89',
    '178.45.67.89',
    '201.45.67.89',
  ],
  IPv6: ['2001:4c28::a5', '2400:cb00::a5', '2600:1f18::a5', '2804:14c::a5', '2a02:8108::a5', '2c0f:f248::a5'],
};

const MOST = 3;

/** Strangers who say what the conditions ask for, as far as a stranger can. */
export const strangers = (
  conditions: readonly ConditionSyntax[],
  asks: ReadonlySet<string>,
  { reasoning, surroundings }: { readonly reasoning: Reasoning; readonly surroundings: Surroundings | null },
): readonly Stranger[] => {
  const claims = (root: string): readonly string[] => candidates(conditions, { root, most: MOST }, reasoning);
  const senders: readonly (Partial<Stranger> & { honest: boolean })[] = [
    { honest: true },
    ...(asks.has('sender.null') || asks.has('sender.address') ? [{ honest: true, sender: null }] : []),
    ...claims('sender.address').map((sender) => ({ honest: false, sender, spf: 'fail' })),
  ];
  const names = [{ honest: true }, ...claims('helo.name').map((helo) => ({ honest: false, helo }))];
  const reverse = [
    { honest: true },
    ...claims('client.rdns').map((rdns) => ({ honest: false, rdns, fcrdns: false })),
    ...(asks.has('client.rdns') || asks.has('client.fcrdns') ? [{ honest: true, rdns: null }] : []),
  ];
  const encrypted = [...asks].some((fact) => fact.startsWith('tls.')) ? [true, false] : [true];
  return product(
    product(senders, names).flatMap((one) => product([one], reverse)),
    encrypted.flatMap((active) => openListeners(surroundings, asks).map((listener) => ({ honest: true, encrypted: active, ...listener }))),
  );
};

type Part = Partial<Stranger> & { readonly honest: boolean };

const product = (ones: readonly Part[], others: readonly Part[]): readonly Part[] =>
  ones.flatMap((one) => others.map((other) => ({ ...one, ...other, honest: one.honest && other.honest })));

/** Addresses of this host or of a private network. */
const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd]|fe80|localhost$)/i;

/** Listeners at which a stranger gets as far as RCPT; where rules tell listeners apart, those that the internet reaches. */
const openListeners = (surroundings: Surroundings | null, asks: ReadonlySet<string>): readonly { readonly listener?: string }[] => {
  if (surroundings === null) return asks.has('listener') ? [] : [{}];
  const open = surroundings.listeners.filter(({ authRequired }) => !authRequired);
  const told = asks.has('listener') ? open.filter(({ host }) => host !== null && !PRIVATE.test(host)) : open.slice(0, 1);
  return told.map(({ name }) => ({ listener: name }));
};

const SUFFIXES = ['com', 'net', 'org', 'de', 'co.uk', 'info'];

/** Recipients of domains that nobody here knows, with the local parts that the conditions ask for. */
export const foreignRecipients = (
  conditions: readonly ConditionSyntax[],
  suffixes: readonly string[],
  reasoning: Reasoning,
): readonly string[] => {
  const locals = candidates(conditions, { root: 'recipient.address', most: MOST }, reasoning).map((address) =>
    address.slice(0, address.lastIndexOf('@')),
  );
  const domains = [...new Set([...SUFFIXES, ...suffixes])].map((suffix) => `${LABEL}.${suffix}`);
  return [...new Set(['someone', ...locals])].flatMap((local) => domains.map((domain) => `${local}@${domain}`));
};

const LABEL = STRANGER.slice(0, STRANGER.indexOf('.'));
