import { randomInt } from 'node:crypto';
import { getServers } from 'node:dns';
import { type DnsAnswer, NO_SUCH_NAME, type RecordType } from './answer.ts';
import { Cache } from './cache.ts';
import { failureOf, LookupFailure } from './failure.ts';
import { Flights } from './flights.ts';
import { queryName } from './names.ts';
import { askTcp, askUdp, type DnsServerAddress, serverAddress } from './transport.ts';
import { answerOf, decodeReply, encodeQuery, type Question } from './wire.ts';

/*
 * Node's own resolver hides what policy needs: it reports TTLs only for addresses and none for negative answers,
 * and a single query cannot be cancelled. So queries are built with dns-packet. An answer is cached for its TTL, a
 * negative one for its SOA's minimum, a failure for one second (RFC 9520 3.2). Servers are tried in order: the next
 * one when a server fails or its share of the time is up. Earlier ones may still answer; the first answer wins.
 */

const FAILURE_KEPT = 1000;
/** An error with its stack. */
const FAILURE_SIZE = 2048;
const VALUE_SIZE = 64;
/** Bytes; answers of real zones are far smaller than the limit per entry. */
const CACHE_BYTES = 64 * 1024 * 1024;
const LARGEST_KEPT = 16 * 1024;

export interface ResolverOptions {
  /** `127.0.0.1:53`; the system's when empty. */
  readonly servers?: readonly string[];
  /** Milliseconds per query, over all servers. */
  readonly timeout: number;
  readonly now?: () => number;
  /** Bytes of cached answers; 64 MiB if left out. */
  readonly cache?: number;
}

type Kept = { readonly answer: DnsAnswer } | { readonly failure: LookupFailure };

export class Resolver {
  readonly #servers: readonly DnsServerAddress[];
  readonly #timeout: number;
  readonly #cache: Cache<Kept>;
  readonly #flights = new Flights<DnsAnswer>();

  constructor({ servers = [], timeout, now = Date.now, cache = CACHE_BYTES }: ResolverOptions) {
    this.#servers = (servers.length > 0 ? servers : getServers()).map(serverAddress);
    this.#timeout = timeout;
    this.#cache = new Cache({ total: cache, entry: LARGEST_KEPT }, sizeOf, now);
  }

  /** Memory used by cached answers. */
  get cachedBytes(): number {
    return this.#cache.bytes;
  }

  /**
   * The records of `type` at `domain` (any case, U-labels or A-labels). A name that cannot exist is answered
   * without a query. Rejects with `LookupFailure`; on abort at once, while the query continues for other callers.
   */
  query(domain: string, type: RecordType, signal: AbortSignal): Promise<DnsAnswer> {
    const name = queryName(domain);
    if (name === null) return Promise.resolve(NO_SUCH_NAME);
    const key = `${type} ${name}`;
    const kept = this.#cache.get(key);
    if (kept !== undefined) return 'answer' in kept ? Promise.resolve(kept.answer) : Promise.reject(kept.failure);
    return this.#flights.join(key, (flight) => this.#ask({ name, type }, flight), signal);
  }

  async #ask(question: Omit<Question, 'id'>, signal: AbortSignal): Promise<DnsAnswer> {
    const key = `${question.type} ${question.name}`;
    try {
      const answer = await this.#withinTime(question, signal);
      this.#cache.set(key, { answer }, answer.ttl);
      return answer;
    } catch (error) {
      const failure = failureOf(error);
      if (!signal.aborted) this.#cache.set(key, { failure }, FAILURE_KEPT);
      throw failure;
    }
  }

  async #withinTime(question: Omit<Question, 'id'>, signal: AbortSignal): Promise<DnsAnswer> {
    const about = `${question.type} ${question.name}`;
    const end = new AbortController();
    const stop = (): void => end.abort();
    signal.addEventListener('abort', stop, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, this.#timeout);
    try {
      return await this.#anyServer(question, end.signal);
    } catch (error) {
      throw late ? new LookupFailure('time-out', about) : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  /** Staggered: the next server is tried when the previous one failed or its share of the time is up. */
  async #anyServer(question: Omit<Question, 'id'>, signal: AbortSignal): Promise<DnsAnswer> {
    const share = this.#timeout / Math.max(1, this.#servers.length);
    const asked: Promise<DnsAnswer>[] = [];
    for (const server of this.#servers) {
      const turn = askServer(server, question, { signal, resend: share / 2 });
      asked.push(turn);
      const outcome = await settledWithin(turn, share, signal);
      if (outcome === 'answered' || signal.aborted) break;
    }
    return Promise.any(asked).catch((error: unknown) => {
      throw firstFailure(error) ?? new LookupFailure('unreachable', 'no DNS server is configured');
    });
  }
}

/** Approximate size of an answer in bytes: characters, plus overhead for each string and record. */
const sizeOf = (kept: Kept): number => {
  if ('failure' in kept) return kept.failure.message.length + FAILURE_SIZE;
  const values = kept.answer.values.reduce((sum, value) => sum + value.length + VALUE_SIZE, 0);
  return kept.answer.exchanges.reduce((sum, { exchange }) => sum + exchange.length + VALUE_SIZE, values);
};

const firstFailure = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error);

const askServer = async (
  server: DnsServerAddress,
  asked: Omit<Question, 'id'>,
  { signal, resend }: { readonly signal: AbortSignal; readonly resend: number },
): Promise<DnsAnswer> => {
  const question: Question = { ...asked, id: randomInt(65_536) };
  const exchange = { server, query: encodeQuery(question), read: (bytes: Buffer) => decodeReply(bytes, question), signal };
  const reply = await askUdp(exchange, resend);
  return answerOf(reply.truncated ? await askTcp(exchange) : reply, question);
};

/** Resolves when the promise has settled, the time is up or the signal aborts; never rejects. */
const settledWithin = (promise: Promise<unknown>, milliseconds: number, signal: AbortSignal): Promise<'answered' | 'failed' | 'waiting'> =>
  new Promise((resolve) => {
    const done = (outcome: 'answered' | 'failed' | 'waiting') => (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve(outcome);
    };
    const over = (): void => done('waiting')();
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over, { once: true });
    promise.then(done('answered'), done('failed'));
  });
