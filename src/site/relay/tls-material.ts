import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsConfig } from '../config/config.ts';

/** Certificate and key as they stand on disk now; `null` without `tls:`. Throws what the system or OpenSSL says when they do not do. */
export const readTls = (config: TlsConfig | null): SecureContext | null =>
  config === null
    ? null
    : createSecureContext({
        cert: readFileSync(config.cert),
        key: readFileSync(config.key),
        minVersion: config.minVersion,
        honorCipherOrder: true,
      });
