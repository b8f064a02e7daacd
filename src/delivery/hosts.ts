import net from 'node:net';
import { domainToASCII } from 'node:url';
import type { DnsService } from '../policy/services.ts';
import { isOffInternet } from './local-addresses.ts';
import type { DeliverySettings } from './settings.ts';

/*
 * Which hosts take mail for a domain: RFC 5321 5.1 with RFC 7505. MX in the order of preference, equal
 * ones shuffled; without MX the domain's own addresses. From the preference at which we ourselves stand,
 * hosts are dropped: they would send it back; so are those at addresses off the public internet. An attempt gets a
 * few addresses of each host, and the attempt after one that reached nobody goes on with the next. What DNS could not
 * tell defers, it never bounces.
 */

interface Host {
  readonly name: string;
  readonly address: string;
}

/** `permanent: false` tries again later. `enhanced` has no class digit's meaning of its own: it is complete, `5.1.2`. */
export type HostSearch =
  | { readonly found: true; readonly hosts: readonly Host[] }
  | { readonly found: false; readonly permanent: boolean; readonly enhanced: string; readonly text: string };

export interface HostFinder {
  readonly dns: Pick<DnsService, 'mx' | 'addresses'>;
  readonly settings: Pick<DeliverySettings, 'hostname' | 'ownAddresses' | 'localMx'>;
  readonly random: () => number;
  /** Attempts in a row that reached nobody. */
  readonly misses: number;
  readonly signal: AbortSignal;
}

interface MailExchanger {
  readonly preference: number;
  readonly name: string;
}

interface Located extends MailExchanger {
  /** `null`: could not be found out. */
  readonly addresses: readonly string[] | null;
}

const EXCHANGER_LIMIT = 8;
/** Addresses that one attempt tries. */
const HOST_LIMIT = 6;
/** Of one host, before the next host has its turn. */
const PER_HOST = 2;

const nothing = (enhanced: string, text: string): HostSearch => ({ found: false, permanent: enhanced.startsWith('5'), enhanced, text });

/** Hosts for the domain of a recipient, `example.com` or `[192.0.2.1]`. Never rejects. */
export const findMailHosts = async (domain: string, finder: HostFinder): Promise<HostSearch> => {
  if (domain.startsWith('[')) return literalHost(domain, finder);
  const name = domainToASCII(domain).toLowerCase();
  if (name === '') return nothing('5.1.2', `${domain} is not a valid domain name`);
  try {
    const records = await finder.dns.mx(name, finder.signal);
    const real = records.filter(({ exchange }) => exchange !== '' && exchange !== '.');
    if (records.length === 0) return await implicitHost(name, finder);
    if (real.length === 0) return nothing('5.1.10', `${domain} accepts no mail`);
    return await located(ordered(real, finder.random), finder);
  } catch (error) {
    return nothing('4.4.3', `MX of ${domain} could not be looked up: ${reasonOf(error)}`);
  }
};

/** Hosts of a route that names one. A name that does not exist is our own mistake there, so it defers. */
export const findNamedHost = async (host: string, finder: HostFinder): Promise<HostSearch> => {
  if (net.isIP(host)) return { found: true, hosts: [{ name: host, address: host }] };
  if (host === 'localhost') return { found: true, hosts: ['127.0.0.1', '::1'].map((address) => ({ name: host, address })) };
  try {
    const addresses = await finder.dns.addresses(domainToASCII(host), finder.signal);
    if (addresses.length === 0) return nothing('4.4.4', `next hop ${host} has no address`);
    return {
      found: true,
      hosts: turn(
        addresses.map((address) => ({ name: host, address })),
        finder.misses,
      ),
    };
  } catch (error) {
    return nothing('4.4.3', `address of next hop ${host} could not be looked up: ${reasonOf(error)}`);
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** RFC 5321 4.1.3 */
const literalHost = (domain: string, finder: HostFinder): HostSearch => {
  const address = domain.replace(/^\[(?:ipv6:)?|\]$/gi, '');
  if (!net.isIP(address)) return nothing('5.1.2', `${domain} is not a valid address`);
  if (finder.settings.ownAddresses.has(address)) return nothing('5.4.6', `${domain} leads back here`);
  if (isOffInternet(address, finder.settings.localMx)) return local(address);
  return { found: true, hosts: [{ name: address, address }] };
};

/** RFC 3463 X.4.4: there is no way to route it. */
const local = (address: string): HostSearch => nothing('5.4.4', `leads to ${address}, which is not on the public internet`);

const implicitHost = async (name: string, finder: HostFinder): Promise<HostSearch> => {
  const addresses = await finder.dns.addresses(name, finder.signal);
  if (addresses.length === 0) return nothing('5.1.2', `${name} has neither MX nor address`);
  return usable([{ preference: 0, name, addresses }], finder);
};

const ordered = (
  records: readonly { readonly preference: number; readonly exchange: string }[],
  random: () => number,
): readonly MailExchanger[] =>
  records
    .map(({ preference, exchange }) => ({ preference, name: exchange.toLowerCase().replace(/\.$/, ''), lot: random() }))
    .sort((a, b) => a.preference - b.preference || a.lot - b.lot);

const located = async (exchanges: readonly MailExchanger[], finder: HostFinder): Promise<HostSearch> => {
  const self = exchanges.find(({ name }) => name === finder.settings.hostname.toLowerCase());
  const before = exchanges
    .filter(({ preference }) => preference < (self?.preference ?? Number.POSITIVE_INFINITY))
    .slice(0, EXCHANGER_LIMIT);
  if (before.length === 0) return nothing('5.4.6', 'the best MX is this host itself');
  return usable(await Promise.all(before.map((exchange) => withAddresses(exchange, finder))), finder);
};

const withAddresses = async (exchange: MailExchanger, { dns, signal }: HostFinder): Promise<Located> => {
  if (net.isIP(exchange.name)) return { ...exchange, addresses: [exchange.name] };
  try {
    return { ...exchange, addresses: await dns.addresses(exchange.name, signal) };
  } catch {
    return { ...exchange, addresses: null };
  }
};

/** The hosts of an attempt: those behind the ones that earlier attempts found dead, round and round. */
const turn = (hosts: readonly Host[], misses: number): readonly Host[] => {
  const start = hosts.length > HOST_LIMIT ? (misses * HOST_LIMIT) % hosts.length : 0;
  return [...hosts.slice(start), ...hosts.slice(0, start)].slice(0, HOST_LIMIT);
};

const usable = (all: readonly Located[], { settings, misses }: HostFinder): HostSearch => {
  const self = all.find(({ addresses }) => addresses?.some((address) => settings.ownAddresses.has(address)));
  const rest = all.filter(({ preference }) => preference < (self?.preference ?? Number.POSITIVE_INFINITY));
  const found = rest.flatMap(({ name, addresses }) =>
    (addresses ?? []).map((address, index) => ({ name, address, round: Math.floor(index / PER_HOST) })),
  );
  const hosts = found.filter(({ address }) => !isOffInternet(address, settings.localMx)).sort((a, b) => a.round - b.round);
  if (hosts.length > 0)
    return {
      found: true,
      hosts: turn(
        hosts.map(({ name, address }) => ({ name, address })),
        misses,
      ),
    };
  if (rest.some(({ addresses }) => addresses === null)) return nothing('4.4.3', 'no address of an MX could be looked up');
  if (self) return nothing('5.4.6', 'the best MX leads back here');
  return found[0] ? local(found[0].address) : nothing('5.4.4', 'no MX has an address');
};
