import type { Readable } from 'node:stream';
import type { DkimResults, DmarcResults, MailAuthentication, SpfRequest } from '../policy/services.ts';
import { verifyArc } from './arc.ts';
import { type DkimOutcome, verifyDkim } from './dkim.ts';
import { evaluateDmarc } from './dmarc.ts';
import { failureOf, temporaryError } from './failure.ts';
import { Memo } from './memo.ts';
import type { Resolver } from './resolver.ts';
import { checkSpf, type SpfOutcome } from './spf/check.ts';

/** The message of the running transaction from its first byte, a fresh stream at each call; `null` before it has come. */
export type OpenMessage = () => Readable | null;

/** SPF, DKIM, DMARC and ARC of one transaction. Each is found out when first asked for, and once. */
export class TransactionAuthentication implements MailAuthentication {
  readonly #resolver: Resolver;
  readonly #open: OpenMessage;
  readonly #spf = new Memo<SpfOutcome>();
  readonly #dkim = new Memo<DkimOutcome>();
  readonly #arc = new Memo<string>();
  readonly #dmarc = new Memo<DmarcResults>();

  constructor(resolver: Resolver, open: OpenMessage) {
    this.#resolver = resolver;
    this.#open = open;
  }

  async spf(request: SpfRequest, signal: AbortSignal): Promise<string> {
    return (await this.#checkSpf(request, signal)).result;
  }

  async dkim(signal: AbortSignal): Promise<DkimResults> {
    const { result, passed, failures } = await this.#verifyDkim(signal);
    if (result === 'temperror') throw temporaryError('DKIM', failures);
    return { result, domains: passed };
  }

  arc(signal: AbortSignal): Promise<string> {
    return this.#arc.get('arc', async (flight) => verifyArc(this.#resolver, await this.#verifyDkim(flight), flight), signal);
  }

  dmarc(request: SpfRequest, signal: AbortSignal): Promise<DmarcResults> {
    return this.#dmarc.get(keyOf(request), (flight) => this.#evaluate(request, flight), signal);
  }

  async #evaluate(request: SpfRequest, signal: AbortSignal): Promise<DmarcResults> {
    const [dkim, spf] = await Promise.all([this.#verifyDkim(signal), this.#checkSpf(request, signal).catch(failureOf)]);
    return evaluateDmarc(this.#resolver, { dkim, spf }, signal);
  }

  #checkSpf(request: SpfRequest, signal: AbortSignal): Promise<SpfOutcome> {
    return this.#spf.get(keyOf(request), (flight) => checkSpf(this.#resolver, request, flight), signal);
  }

  #verifyDkim(signal: AbortSignal): Promise<DkimOutcome> {
    return this.#dkim.get('dkim', (flight) => verifyDkim(this.#resolver, this.#open, flight), signal);
  }
}

const keyOf = ({ ip, helo, sender }: SpfRequest): string => JSON.stringify([ip, helo, sender]);
