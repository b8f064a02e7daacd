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

export class SpfQueries {
  /** The address of the client. */
  readonly ip: IpWords;
  readonly #text: string;
  readonly #resolver: Resolver;
  readonly #signal: AbortSignal;
  #terms = 0;
  #void = 0;
  #names: readonly string[] | null = null;

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
   * Names of the client that lead back to it, of the first ten. A failure hides the name it concerns, and
   * one of the reverse look-up hides all (RFC 7208 5.5); only giving up is passed on.
   */
  async validatedNames(): Promise<readonly string[]> {
    this.#names ??= await this.#validate();
    return this.#names;
  }

  get #addressType(): 'A' | 'AAAA' {
    return this.ip.length === 1 ? 'A' : 'AAAA';
  }

  async #validate(): Promise<readonly string[]> {
    const answered = await this.#unlessFailed(this.#counted(reverseName(this.#text), 'PTR'));
    const names = answered.slice(0, MOST_NAMES).map(hostName);
    const validated: string[] = [];
    for (const name of names) {
      if (name === null) continue;
      const addresses = await this.#unlessFailed(this.#ask(name, this.#addressType));
      if (this.#matches(addresses, this.ip.length * 32)) validated.push(name);
    }
    return validated;
  }

  async #unlessFailed(asked: Promise<DnsAnswer>): Promise<readonly string[]> {
    try {
      return (await asked).values;
    } catch (error) {
      if (this.#signal.aborted || error instanceof SpfPermanentError) throw error;
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
