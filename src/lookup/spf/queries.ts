import { type IpWords, maskIp, parseIp } from '../../policy/ip.ts';
import type { DnsAnswer, RecordType } from '../answer.ts';
import { LookupFailure } from '../failure.ts';
import { reverseName } from '../ip.ts';
import { hostName } from '../names.ts';
import type { Resolver } from '../resolver.ts';
import { SpfPermanentError } from './error.ts';

/*
 * What one check may ask of DNS, RFC 7208 4.6.4: ten terms that ask, two of them without an answer, ten
 * exchanges and ten names of an address. Past a limit the record is in error, whatever DNS would have said.
 */

const MOST_TERMS = 10;
const MOST_VOID = 2;
const MOST_NAMES = 10;

/** What the reverse names of the client are worth. */
export interface ClientNames {
  /** They lead back to it. */
  readonly validated: readonly string[];
  /** Whether they do could not be found out. */
  readonly failed: ReadonlyMap<string, Error>;
}

export class SpfQueries {
  /** The address of the client. */
  readonly ip: IpWords;
  readonly #text: string;
  readonly #resolver: Resolver;
  readonly #signal: AbortSignal;
  #terms = 0;
  #void = 0;
  #names: ClientNames | null = null;

  constructor(resolver: Resolver, ip: string, signal: AbortSignal) {
    this.#resolver = resolver;
    this.#signal = signal;
    this.#text = ip;
    const words = parseIp(ip);
    if (words === null) throw new LookupFailure('internal fault', `SPF of an invalid address: ${ip}`);
    this.ip = words;
  }

  /** Called before a term that asks DNS. */
  countTerm(): void {
    this.#terms += 1;
    if (this.#terms > MOST_TERMS) throw new SpfPermanentError(`more than ${MOST_TERMS} terms ask DNS`);
  }

  /** The TXT records of a domain; where one stands counts as no empty answer (RFC 7208 4.6.4). */
  texts(domain: string): Promise<DnsAnswer> {
    return this.#ask(domain, 'TXT');
  }

  /** Whether a name has an A record, whatever the family of the client (RFC 7208 5.7). */
  async exists(domain: string): Promise<boolean> {
    return (await this.#counted(domain, 'A')).values.length > 0;
  }

  /** Whether a host has an address that shares its first bits with the client's. */
  async isAt(host: string, bits: number): Promise<boolean> {
    return this.#matches((await this.#counted(host, this.#addressType)).values, bits);
  }

  /** The exchanges of a domain; more than ten are a permanent error. */
  async exchanges(domain: string): Promise<readonly string[]> {
    const { exchanges } = await this.#counted(domain, 'MX');
    if (exchanges.length > MOST_NAMES) throw new SpfPermanentError(`more than ${MOST_NAMES} MX records at ${domain}`);
    return exchanges.map(({ exchange }) => exchange).filter((name) => name !== '');
  }

  /**
   * Names of the client, of the first ten. RFC 7208 5.5 takes a name of which DNS says nothing for one that leads
   * elsewhere; here that would turn trouble of DNS into `fail`, so a record that needs such a name is a temperror instead.
   */
  async clientNames(): Promise<ClientNames> {
    this.#names ??= await this.#validate();
    return this.#names;
  }

  get #addressType(): 'A' | 'AAAA' {
    return this.ip.length === 1 ? 'A' : 'AAAA';
  }

  async #validate(): Promise<ClientNames> {
    const { values } = await this.#counted(reverseName(this.#text), 'PTR');
    const names = values.slice(0, MOST_NAMES).map(hostName);
    const validated: string[] = [];
    const failed = new Map<string, Error>();
    for (const name of names) {
      if (name === null) continue;
      const addresses = await this.#answeredOr(name, (failure) => failed.set(name, failure));
      if (this.#matches(addresses, this.ip.length * 32)) validated.push(name);
    }
    return { validated, failed };
  }

  async #answeredOr(name: string, failed: (failure: Error) => void): Promise<readonly string[]> {
    try {
      return (await this.#ask(name, this.#addressType)).values;
    } catch (error) {
      if (this.#signal.aborted || !(error instanceof LookupFailure)) throw error;
      failed(error);
      return [];
    }
  }

  #matches(addresses: readonly string[], bits: number): boolean {
    const ours = maskIp(this.ip, bits);
    return addresses.some((address) => {
      const words = parseIp(address);
      return words?.length === ours.length && maskIp(words, bits).every((word, index) => word === ours[index]);
    });
  }

  async #counted(domain: string, type: RecordType): Promise<DnsAnswer> {
    const answer = await this.#ask(domain, type);
    if (answer.status !== 'found') this.#void += 1;
    if (this.#void > MOST_VOID) throw new SpfPermanentError(`more than ${MOST_VOID} look-ups without an answer`);
    return answer;
  }

  #ask(domain: string, type: RecordType): Promise<DnsAnswer> {
    return this.#resolver.query(domain, type, this.#signal);
  }
}
