import { generateKeyPairSync, type KeyObject } from 'node:crypto';

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Private keys in PEM, of the kinds that people have. */
export const ed25519 = (): string => pem(generateKeyPairSync('ed25519').privateKey);
export const rsa = (modulusLength: number): string => pem(generateKeyPairSync('rsa', { modulusLength }).privateKey);
export const elliptic = (): string => pem(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
export const locked = (): string =>
  generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
export const publicKey = (): string => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
