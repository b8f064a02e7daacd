import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsConfig } from '../config/config.ts';
import type { Secrets } from './secrets.ts';

/** Certificate and key, ready to use; `null` without `tls:`. Throws what OpenSSL says when they do not do, with their paths. */
export const readTls = (config: TlsConfig | null, pem: Secrets['tls']): SecureContext | null => {
  if (config === null || pem === null) return null;
  const { cert, key, minVersion } = config;
  try {
    return createSecureContext({ cert: Buffer.from(pem.cert), key: Buffer.from(pem.key), minVersion, honorCipherOrder: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`certificate ${cert} and key ${key} cannot be used: ${reason}`, { cause });
  }
};
