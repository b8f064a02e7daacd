import { createPrivateKey, type KeyObject } from 'node:crypto';

/** Why a text is not the private key it should be, in words for the administrator. */
export class NoPrivateKey extends Error {}

const reason = (pem: string): string => {
  if (pem.trim() === '') return 'the file is empty';
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem))
    return 'the key is locked with a passphrase, which nobody could type at night: openssl pkey -in KEY -out KEY.open unlocks it';
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return 'the key is damaged or cut off';
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return 'it holds a certificate, not a private key';
  if (/-----BEGIN [A-Z ]*PUBLIC KEY-----/.test(pem)) return 'it holds a public key, not a private one';
  return 'it contains no PEM private key';
};

/** Throws `NoPrivateKey`, which never quotes the file. */
export const privateKeyOf = (pem: string): KeyObject => {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new NoPrivateKey(reason(pem));
  }
};
