import type { DkimResults, DmarcResults, MailAuthentication, SpfRequest } from '../../policy/services.ts';
import { arcHashings, verifyArc } from '../arc/verify.ts';
import { type DkimOutcome, dkimHashings, verifyDkim } from '../dkim/verify.ts';
import { evaluateDmarc } from '../dmarc/evaluate.ts';
import { failureOf, temporaryError } from '../failure.ts';
import { Memo } from '../memo.ts';
import type { Resolver } from '../resolver.ts';
import type { Service } from '../service.ts';
import { type OpenMessage, readSigned, type SignedMessage } from '../signed-message.ts';
import { checkSpf, type SpfOutcome } from '../spf/check.ts';

/** SPF, DKIM, DMARC and ARC of one transaction. Each is evaluated once, when first asked for; the message is read once for all of them. */
class TransactionAuthentication implements MailAuthentication {
  readonly #resolver: Resolver;
  readonly #open: OpenMessage;
  readonly #message = new Memo<SignedMessage>();
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
    return this.#arc.get('arc', async (flight) => verifyArc(await this.#verification(flight)), signal);
  }

  dmarc(request: SpfRequest, signal: AbortSignal): Promise<DmarcResults> {
    return this.#dmarc.get(keyOf(request), (flight) => this.#evaluate(request, flight), signal);
  }

  async #evaluate(request: SpfRequest, signal: AbortSignal): Promise<DmarcResults> {
    const [dkim, spf, { header }] = await Promise.all([
      this.#verifyDkim(signal),
      this.#checkSpf(request, signal).catch(failureOf),
      this.#read(signal),
    ]);
    return evaluateDmarc(this.#resolver, { header, dkim, spf }, signal);
  }

  #checkSpf(request: SpfRequest, signal: AbortSignal): Promise<SpfOutcome> {
    return this.#spf.get(keyOf(request), (flight) => checkSpf(this.#resolver, request, flight), signal);
  }

  #verifyDkim(signal: AbortSignal): Promise<DkimOutcome> {
    return this.#dkim.get('dkim', async (flight) => verifyDkim(await this.#verification(flight)), signal);
  }

  async #verification(signal: AbortSignal) {
    return { resolver: this.#resolver, message: await this.#read(signal), signal };
  }

  #read(signal: AbortSignal): Promise<SignedMessage> {
    return this.#message.get('message', (flight) => readSigned(this.#open, hashings, flight), signal);
  }
}

export const mail: Service<'mail'> = {
  name: 'mail',
  open:
    (_, { resolver }) =>
    ({ message }) =>
      new TransactionAuthentication(resolver, message),
};

const hashings = (header: SignedMessage['header']) => [...dkimHashings(header), ...arcHashings(header)];

const keyOf = ({ ip, helo, sender }: SpfRequest): string => JSON.stringify([ip, helo, sender]);
