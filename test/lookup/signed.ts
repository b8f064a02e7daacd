import { generateKeyPairSync } from 'node:crypto';
import { naiveField, naivelySigned, naiveSign } from './dkim/naive.ts';

export interface SigningKey {
  readonly privateKey: string;
  /** The TXT record that publishes it, in two strings as a real one has. */
  readonly record: readonly [string, string];
}

export const signingKey = (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const encoded = publicKey.toString('base64');
  return { privateKey, record: [`v=DKIM1; k=rsa; p=${encoded.slice(0, 200)}`, encoded.slice(200)] };
};

export interface Signer {
  readonly domain: string;
  readonly key: SigningKey;
  /** Octets of the body that are signed; all if left out. */
  readonly length?: number;
}

const octets = (message: string): string => Buffer.from(message).toString('latin1');
const text = (message: string): string => Buffer.from(message, 'latin1').toString();

/** The message with a DKIM-Signature of selector `s1` on top. */
export const signed = (message: string, { domain, key, length }: Signer): string => {
  const names = ['from', 'to', 'subject', 'date'].filter((name) => new RegExp(`^${name}:`, 'im').test(message));
  const tags = `v=1; a=rsa-sha256; d=${domain}; s=s1`;
  return text(naivelySigned(octets(message), { key: key.privateKey, tags, names, ...(length === undefined ? {} : { length }) }));
};

/** The message with a first ARC set of selector `s1` on top. */
export const sealed = (message: string, { domain, key }: Signer): string => {
  const results = 'ARC-Authentication-Results: i=1; mx.example.org; spf=pass\r\n';
  const tags = `i=1; a=rsa-sha256; d=${domain}; s=s1`;
  const signedMessage = naivelySigned(octets(message), { key: key.privateKey, tags, field: 'ARC-Message-Signature' });
  const signature = signedMessage.slice(0, signedMessage.length - octets(message).length);
  const seal = `ARC-Seal: ${tags}; cv=none; b=`;
  const covered =
    [results, signature].map((field) => naiveField(field, 'relaxed')).join('') + naiveField(`${seal}\r\n`, 'relaxed').slice(0, -2);
  return `${seal}${naiveSign(covered, key.privateKey)}\r\n${signature}${results}${message}`;
};
