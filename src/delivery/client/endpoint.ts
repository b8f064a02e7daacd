import { harmless } from '../reply.ts';

/** A next hop to which a socket can be opened. */
export interface Endpoint {
  readonly place:
    | { readonly kind: 'ip'; readonly address: string; readonly port: number }
    | { readonly kind: 'socket'; readonly path: string };
  /** The name from the route or the MX: used for SNI, the certificate check and the log. */
  readonly name: string;
  readonly protocol: 'smtp' | 'smtps' | 'lmtp';
  readonly tls: TlsPolicy;
  /** PEM of certificate authorities, trusted instead of the system's. */
  readonly trust: string | null;
  readonly auth: Login | null;
  readonly sourceIp: string | null;
  readonly helo: string;
}

/**
 * `opportunistic` uses TLS without verifying the peer and falls back to plain text; `required` refuses to send in
 * the clear; `verify` also requires a valid certificate for the name (RFC 3207 4.1, RFC 7435).
 */
export type TlsPolicy = 'none' | 'opportunistic' | 'required' | 'verify';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The endpoint as named in the log and in the queue: `mx1.example.net[192.0.2.1]:25`. The name comes from DNS and may contain anything. */
export const endpointName = ({ place, name }: Endpoint): string =>
  place.kind === 'socket' ? place.path : `${name === place.address ? '' : harmless(name)}[${place.address}]:${place.port}`;
