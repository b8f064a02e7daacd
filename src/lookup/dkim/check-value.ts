import { createHash, type KeyObject, verify } from 'node:crypto';
import { SignatureError } from './signature-error.ts';

/** Throws `SignatureError` unless `value` is the signature of `bytes` by the owner of `key`. RFC 6376 3.3.3, RFC 8463 3. */
export const checkValue = (bytes: Buffer, value: Buffer, key: KeyObject): void => {
  if (!isSignatureOf(bytes, value, key)) throw new SignatureError('fail', 'signature does not verify');
};

const isSignatureOf = (bytes: Buffer, value: Buffer, key: KeyObject): boolean => {
  try {
    return key.asymmetricKeyType === 'rsa'
      ? verify('sha256', bytes, key, value)
      : verify(null, createHash('sha256').update(bytes).digest(), key, value);
  } catch {
    return false;
  }
};
