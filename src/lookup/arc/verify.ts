import type { BodyHashing } from '../../message/dkim/body-hash.ts';
import { canonicalField, canonicalSelection, canonicalSignature } from '../../message/dkim/canonical-header.ts';
import type { RawHeader } from '../../message/header.ts';
import { checkBody } from '../dkim/check-body.ts';
import { checkValue } from '../dkim/check-value.ts';
import { findKey } from '../dkim/key.ts';
import { required, SignatureError } from '../dkim/signature-error.ts';
import type { MessageSignature } from '../dkim/signature-tags.ts';
import { LookupFailure, temporaryError } from '../failure.ts';
import type { Resolver } from '../resolver.ts';
import type { SignedMessage } from '../signed-message.ts';
import { type ArcSet, readChain } from './chain.ts';

interface Verification {
  readonly resolver: Resolver;
  readonly message: SignedMessage;
  readonly signal: AbortSignal;
}

/** How the chain of a header hashes the body: as the signature of the last hop does. */
export const arcHashings = (header: RawHeader): readonly BodyHashing[] => {
  try {
    return readChain(header)
      .slice(-1)
      .map(({ message }) => message.parts.body);
  } catch {
    return [];
  }
};

/**
 * The state of the ARC chain, RFC 8617 4.4 and 5.2: `pass`, `fail` or `none`. Rejects where all that could
 * be had is right and a key could not be had: that is no failure of the chain.
 */
export const verifyArc = async (verification: Verification): Promise<string> => {
  try {
    const chain = readChain(verification.message.header);
    const last = chain.at(-1);
    if (last === undefined) return 'none';
    const checks = [
      checkMessage(last.message, verification),
      ...chain.map((_, index) => checkSeal(chain.slice(0, index + 1), verification)),
    ];
    await allRight(checks);
    return 'pass';
  } catch (error) {
    if (error instanceof SignatureError) return 'fail';
    throw error;
  }
};

/** Rejects with what is wrong rather than with what could not be found out. */
const allRight = async (checks: readonly Promise<void>[]): Promise<void> => {
  const reasons = (await Promise.allSettled(checks)).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  const wrong = reasons.find((reason) => !(reason instanceof LookupFailure));
  if (wrong !== undefined) throw wrong;
  const failures = reasons.filter((reason) => reason instanceof LookupFailure);
  if (failures.length > 0) throw temporaryError('ARC', failures);
};

/** Only the signature of the last hop has to hold: earlier ones may have been broken by the hop after. RFC 8617 5.2 step 4. */
const checkMessage = async (signature: MessageSignature, { resolver, message, signal }: Verification): Promise<void> => {
  const { field, signer, parts, value } = signature;
  required(checkBody(message, parts) === 'whole', 'a tail of the body is not signed');
  const { key } = await findKey(resolver, signer, signal);
  const selection = canonicalSelection(message.header, { names: parts.names, form: parts.header, except: field });
  checkValue(Buffer.concat([selection, canonicalSignature(field.raw, value, parts.header)]), value.bytes, key);
};

/** A seal covers all sets up to its own, relaxed. RFC 8617 5.1.1. */
const checkSeal = async (sets: readonly ArcSet[], { resolver, signal }: Verification): Promise<void> => {
  const seal = sets.at(-1)?.seal;
  if (seal === undefined) return;
  const { key } = await findKey(resolver, seal.signer, signal);
  const parts = sets.flatMap((set) => [
    canonicalField(set.results.raw, 'relaxed'),
    canonicalField(set.message.field.raw, 'relaxed'),
    set.seal === seal ? canonicalSignature(seal.field.raw, seal.value, 'relaxed') : canonicalField(set.seal.field.raw, 'relaxed'),
  ]);
  checkValue(Buffer.concat(parts), seal.value.bytes, key);
};
