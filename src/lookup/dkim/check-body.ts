import type { SignedMessage } from '../signed-message.ts';
import { required, SignatureError } from './signature-error.ts';
import type { SignedParts } from './signature-tags.ts';

/**
 * Compares `bh=`. A tail of the body that `l=` leaves unsigned may be anybody's: the signature verifies, and
 * counts for nothing (RFC 6376 8.2, RFC 8601 2.7.1 `policy`). Throws `SignatureError`.
 */
export const checkBody = (message: SignedMessage, { body, bodyHash }: SignedParts): 'whole' | 'partly' => {
  const { digest, size } = message.bodyHash(body);
  required(body.length === null || body.length <= size, 'l= is more than there is');
  if (!digest.equals(bodyHash)) throw new SignatureError('fail', 'body hash does not verify');
  return body.length === null || body.length === size ? 'whole' : 'partly';
};
