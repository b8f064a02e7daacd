import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface DkimKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly pem: string;
  /** The key record that publishes it. */
  readonly record: string;
}

export const rsaKeyPair = (modulusLength = 2048): DkimKeyPair => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return { privateKey, publicKey, pem: pemOf(privateKey), record: `v=DKIM1; k=rsa; p=${p}` };
};

export const ed25519KeyPair = (): DkimKeyPair => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const p = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  return { privateKey, publicKey, pem: pemOf(privateKey), record: `v=DKIM1; k=ed25519; p=${p}` };
};

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
