import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsConfig } from '../config/config.ts';
import type { Secrets } from './secrets.ts';

/** Certificate and key, ready to use; `null` without `tls:`. Throws what OpenSSL says when they do not do. */
export const readTls = (config: TlsConfig | null, pem: Secrets['tls']): SecureContext | null =>
  config === null || pem === null
    ? null
    : createSecureContext({
        cert: Buffer.from(pem.cert),
        key: Buffer.from(pem.key),
        minVersion: config.minVersion,
        honorCipherOrder: true,
      });
