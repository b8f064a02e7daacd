import { readFileSync } from 'node:fs';
import type { RelayConfig } from '../config/config.ts';

/** What the relay reads from outside its policies: bytes as they stood on the disk when the site was read. */
export interface Secrets {
  /** PEM; `null` without `tls:`. */
  readonly tls: { readonly cert: Uint8Array; readonly key: Uint8Array } | null;
  /** The users file; `null` without one, or while it is not there yet. */
  readonly users: string | null;
}

const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

/** Reads them. Throws what the system says. */
export const readSecrets = ({ tls, auth }: Pick<RelayConfig, 'tls' | 'auth'>): Secrets => ({
  tls: tls === null ? null : { cert: readFileSync(tls.cert), key: readFileSync(tls.key) },
  users: auth === null ? null : readIfThere(auth.users),
});
