import type { Limits } from '../../smtp/settings.ts';

/*
 * What `config/relay.yaml` says, with every default filled in. Durations are milliseconds, sizes bytes,
 * relative paths are already absolute.
 */

/** Where a socket listens. Port 0 takes any free one. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

export interface ListenerConfig {
  readonly name: string;
  readonly address: Address;
  /** `required`: no MAIL without AUTH (530 5.7.0). */
  readonly auth: 'none' | 'optional' | 'required';
  readonly tls: 'none' | 'starttls' | 'implicit';
}

export interface TlsConfig {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  /** Clients are asked for a certificate; none is refused for having none. */
  readonly askClient: boolean;
}

export interface AuthConfig {
  readonly users: string;
  /** AUTH is offered on encrypted connections alone. */
  readonly requireTls: boolean;
}

export interface DeliveryConfig {
  /** Waiting time before each further attempt; the last one repeats. */
  readonly retry: readonly number[];
  readonly lifetime: number;
  readonly concurrency: number;
  readonly perDestination: number;
  /** Age at which the sender hears once that delivery is late; `null`: never. */
  readonly delayNotice: number | null;
}

export interface DnsConfig {
  /** `host:port`; empty: those of the system. */
  readonly servers: readonly string[];
  readonly timeout: number;
  /** Bytes. */
  readonly cache: number;
}

export interface DnsblConfig {
  readonly zone: string;
  /** Name of a code -> address, prefix or range of addresses, or several. Empty: every answer lists. */
  readonly codes: Readonly<Record<string, string | readonly string[]>>;
  /** Answers in this range mean that the list could not be asked. */
  readonly errors?: string;
}

export interface LimitsConfig extends Limits {
  /** Parts of one message that are looked into. */
  readonly mimeParts: number;
  /** How long open transactions may take when the relay stops. */
  readonly shutdown: number;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export interface LogConfig {
  readonly level: (typeof LOG_LEVELS)[number];
  /** File of the decision log; `null`: none is kept. */
  readonly decisions: string | null;
}

export interface RelayConfig {
  /** Absolute path of the site's folder. */
  readonly root: string;
  readonly hostname: string;
  /** Globs over paths of the site, in order. */
  readonly policies: readonly string[];
  readonly listeners: readonly ListenerConfig[];
  readonly tls: TlsConfig | null;
  readonly auth: AuthConfig | null;
  /** Networks whose PROXY header is believed. */
  readonly proxyProtocol: readonly string[];
  readonly queue: { readonly path: string };
  readonly delivery: DeliveryConfig;
  readonly dns: DnsConfig;
  readonly dnsbl: Readonly<Record<string, DnsblConfig>>;
  readonly limits: LimitsConfig;
  readonly greetingPause: number;
  readonly admin: Address | null;
  readonly log: LogConfig;
  readonly workers: number | 'auto';
}
