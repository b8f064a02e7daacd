import { randomBytes, scryptSync } from 'node:crypto';

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** A hash as `relayctl user add` writes it, which costs a thirty-second of what that one does to check. */
export const cheapHash = (password: string): string => {
  const salt = randomBytes(16);
  return `$scrypt$ln=10,r=8,p=1$${encode(salt)}$${encode(scryptSync(password, salt, 32, { N: 2 ** 10, r: 8, p: 1 }))}`;
};
