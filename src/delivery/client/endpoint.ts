import { harmless } from '../reply.ts';

/** A next hop a socket can be opened to. */
export interface Endpoint {
  readonly place:
    | { readonly kind: 'ip'; readonly address: string; readonly port: number }
    | { readonly kind: 'socket'; readonly path: string };
  /** Name the route or the MX gives it: for SNI, for the check of its certificate and for the log. */
  readonly name: string;
  readonly protocol: 'smtp' | 'smtps' | 'lmtp';
  readonly tls: TlsPolicy;
  /** PEM of authorities trusted instead of the system's. */
  readonly trust: string | null;
  readonly auth: Login | null;
  readonly sourceIp: string | null;
  readonly helo: string;
}

/**
 * `opportunistic` takes TLS without asking who it is and falls back to none; `required` refuses to send in
 * the clear; `verify` wants a certificate for the name besides (RFC 3207 4.1, RFC 7435).
 */
export type TlsPolicy = 'none' | 'opportunistic' | 'required' | 'verify';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** How an endpoint is named in the log and in the queue: `mx1.example.net[192.0.2.1]:25`. The name comes from DNS: anything may stand in it. */
export const endpointName = ({ place, name }: Endpoint): string =>
  place.kind === 'socket' ? place.path : `${name === place.address ? '' : harmless(name)}[${place.address}]:${place.port}`;
