import { generateKeyPairSync } from 'node:crypto';
import { sealMessage } from 'mailauth/lib/arc/index.js';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

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

/** The message with a DKIM-Signature of selector `s1` on top. */
export const signed = async (message: string, { domain, key, length }: Signer): Promise<string> => {
  const signature = { signingDomain: domain, selector: 's1', privateKey: key.privateKey };
  const data = length === undefined ? signature : { ...signature, maxBodyLength: length };
  const { signatures } = await dkimSign(message, { ...signature, signatureData: [data] });
  return signatures + message;
};

/** The message with a first ARC set of selector `s1` on top. */
export const sealed = async (message: string, { domain, key }: Signer): Promise<string> => {
  const seal = {
    signingDomain: domain,
    selector: 's1',
    privateKey: key.privateKey,
    authResults: 'mx.example.org; spf=pass',
    i: 1,
    cv: 'none',
  };
  return `${await sealMessage(message, seal)}${message}`;
};
