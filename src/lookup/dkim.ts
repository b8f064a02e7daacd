import { Readable } from 'node:stream';
import type { ARCSigningData, DKIMResult } from 'mailauth';
import { LookupFailure } from './failure.ts';
import { mailauthDns } from './mailauth-dns.ts';
import type { Resolver } from './resolver.ts';
import { withFewSignatures } from './signature-limit.ts';

/** What the signatures of one message say. */
export interface DkimOutcome {
  /** A word of RFC 8601 2.7.1: the best of all signatures. */
  readonly result: string;
  /** Signing domains whose signature passed. */
  readonly passed: readonly string[];
  /** Signing domains of which nothing could be found out. */
  readonly unknown: readonly string[];
  /** Addresses of From. */
  readonly from: readonly string[];
  readonly arc: ARCSigningData | null;
  /** Why something could not be found out; empty if all could. */
  readonly failures: readonly LookupFailure[];
}

/** Best first. What could not be found out outranks every failure: it might have passed. */
const RANKS = ['pass', 'temperror', 'fail', 'policy', 'neutral', 'permerror', 'none'];

/** Rejects when there is no message, when it cannot be read, or on abort. */
export const verifyDkim = async (resolver: Resolver, open: () => Readable | null, signal: AbortSignal): Promise<DkimOutcome> => {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
  const dns = mailauthDns(resolver, signal);
  if (signal.aborted) throw new LookupFailure('given up', 'DKIM');
  const message = opened(open);
  const stop = (): void => void message.destroy(new LookupFailure('given up', 'DKIM'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { results, headerFrom, arc } = await dkimVerify(Readable.from(withFewSignatures(message)), {
      resolver: dns.resolve,
      sender: 'unused@invalid',
    });
    return { ...summary(results), from: headerFrom, arc: arc ?? null, failures: dns.failures };
  } finally {
    signal.removeEventListener('abort', stop);
    message.destroy();
  }
};

const opened = (open: () => Readable | null): Readable => {
  const message = open();
  if (message === null) throw new LookupFailure('no message', 'DKIM');
  return message;
};

const summary = (results: readonly DKIMResult[]): Pick<DkimOutcome, 'result' | 'passed' | 'unknown'> => {
  const words = results.map(wordOf);
  const domains = (word: string): string[] =>
    results.filter((_, index) => words[index] === word).map(({ signingDomain }) => signingDomain.toLowerCase());
  return { result: RANKS.find((word) => words.includes(word)) ?? 'none', passed: domains('pass'), unknown: domains('temperror') };
};

/**
 * mailauth calls a wrong body hash and a missing key «neutral»; RFC 6376 6.1.2 and 6.1.3 make both a
 * permanent failure of the signature, and RFC 8601 2.7.1 has the words. It passes a signature that does not
 * cover From, which 6.1.1 forbids, and one that leaves a tail of the body unsigned (8.2): «policy».
 */
const wordOf = (result: DKIMResult): string => {
  const { status } = result;
  if (status.result === 'pass') return coversFrom(result) && !(status.underSized ?? false) ? 'pass' : 'policy';
  if (status.result !== 'neutral') return status.result;
  if (status.comment === 'body hash did not verify') return 'fail';
  return /key/.test(status.comment ?? '') ? 'permerror' : 'neutral';
};

/** Its types keep quiet about `signingHeaders: { keys: 'Date: From' }`. */
const coversFrom = (result: DKIMResult): boolean => {
  const signed = 'signingHeaders' in result ? result.signingHeaders : null;
  if (typeof signed !== 'object' || signed === null || !('keys' in signed)) return false;
  return /(^|:)\s*from\s*(:|$)/i.test(String(signed.keys));
};
