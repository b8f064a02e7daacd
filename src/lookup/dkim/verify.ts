import type { BodyHashing } from '../../message/dkim/body-hash.ts';
import { canonicalSelection, canonicalSignature } from '../../message/dkim/canonical-header.ts';
import type { HeaderField, RawHeader } from '../../message/header.ts';
import { failureOf, type LookupFailure } from '../failure.ts';
import type { Resolver } from '../resolver.ts';
import type { SignedMessage } from '../signed-message.ts';
import { checkBody } from './check-body.ts';
import { checkValue } from './check-value.ts';
import { findKey } from './key.ts';
import { type DkimSignature, readSignature, signatureFields } from './signature.ts';
import { required, SignatureError } from './signature-error.ts';

/** What the signatures of one message say. */
export interface DkimOutcome {
  /** A word of RFC 8601 2.7.1: the best of all signatures. */
  readonly result: DkimWord;
  /** Signing domains whose signature passed. */
  readonly passed: readonly string[];
  /** Signing domains of which nothing could be found out. */
  readonly unknown: readonly string[];
  /** Why something could not be found out; empty if all could. */
  readonly failures: readonly LookupFailure[];
}

/** Best first. What could not be found out outranks every failure: it might have passed. */
const RANKS = ['pass', 'temperror', 'fail', 'policy', 'permerror', 'none'] as const;
type DkimWord = (typeof RANKS)[number];

interface Verdict {
  readonly result: DkimWord;
  readonly domain: string;
  readonly failure?: LookupFailure;
}

interface Verification {
  readonly resolver: Resolver;
  readonly message: SignedMessage;
  readonly signal: AbortSignal;
}

/** How the signatures of a header hash the body. */
export const dkimHashings = (header: RawHeader): readonly BodyHashing[] =>
  signatureFields(header).flatMap((field) => {
    try {
      return [readSignature(field).parts.body];
    } catch {
      return [];
    }
  });

/** Never rejects because of a signature; failed look-ups are in `failures`. */
export const verifyDkim = async (verification: Verification): Promise<DkimOutcome> => {
  const fields = signatureFields(verification.message.header);
  const verdicts = await Promise.all(fields.map((field) => verdictOf(field, verification)));
  const domains = (word: DkimWord): readonly string[] => [
    ...new Set(verdicts.filter(({ result }) => result === word).map(({ domain }) => domain)),
  ];
  return {
    result: RANKS.find((word) => verdicts.some(({ result }) => result === word)) ?? 'none',
    passed: domains('pass'),
    unknown: domains('temperror'),
    failures: verdicts.flatMap(({ failure }) => failure ?? []),
  };
};

const verdictOf = async (field: HeaderField, verification: Verification): Promise<Verdict> => {
  let domain = '';
  try {
    const signature = readSignature(field);
    domain = signature.signer.domain;
    return { result: await verified(signature, verification), domain };
  } catch (error) {
    if (error instanceof SignatureError) return { result: error.result, domain };
    const failure = failureOf(error);
    if (failure.kind === 'internal fault') throw failure;
    return { result: 'temperror', domain, failure };
  }
};

/** RFC 6376 6.1.3. The body first: what is wrong already needs no key. */
const verified = async (signature: DkimSignature, { resolver, message, signal }: Verification): Promise<DkimWord> => {
  const { field, signer, parts, value, exact, expires } = signature;
  required(expires === null || expires * 1000 > Date.now(), 'expired');
  const covered = checkBody(message, parts);
  const { key, strict } = await findKey(resolver, signer, signal);
  required(exact || !strict, 'the key is for the very domain of d= alone');
  const selection = canonicalSelection(message.header, { names: parts.names, form: parts.header, except: field });
  checkValue(Buffer.concat([selection, canonicalSignature(field.raw, value, parts.header)]), value.bytes, key);
  return covered === 'whole' ? 'pass' : 'policy';
};
