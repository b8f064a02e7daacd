import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

/** A key and a certificate it has signed itself, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const utcTime = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`));
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALT_NAME = Buffer.from('0603551d11', 'hex');
const ECDSA_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const DAY = 86_400_000;

/** Makes a certificate for a host name, good from yesterday to the day after tomorrow (RFC 5280 4.1); `daysAgo` shifts it into the past, `days` is how long it is good. */
export const selfSigned = (name: string, daysAgo = 0, days = 3): Certificate => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const subject = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));
  const start = Date.now() - (daysAgo + 1) * DAY;
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_SHA256,
    subject,
    sequence(utcTime(new Date(start)), utcTime(new Date(start + days * DAY))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(ALT_NAME, der(0x04, sequence(der(0x82, Buffer.from(name))))))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, privateKey));
  const cert = new X509Certificate(sequence(tbs, ECDSA_SHA256, signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: cert.toString() };
};
