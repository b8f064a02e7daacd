/** The `delivery:` and `hostname:` settings of the configuration, ready to use. Durations are milliseconds. */
export interface DeliverySettings {
  /** Used in EHLO unless a route sets another name, and in DSNs; never a next hop. */
  readonly hostname: string;
  /** Absolute path of the site: relative paths in `maildir:` targets start there. */
  readonly root: string;
  /** Addresses on which this relay accepts mail: an MX that points to one is a loop. */
  readonly ownAddresses: Pick<ReadonlySet<string>, 'has'>;
  /** Delay before each further attempt; the last repeats until `lifetime` ends. Never empty. */
  readonly retry: readonly number[];
  /** Age at which undelivered recipients fail. Applies to messages the relay writes; for others `record.expires` counts. */
  readonly lifetime: number;
  /** Number of delivering processes; a route's `concurrency` and `rate` are shared by all of them. */
  readonly processes: number;
  /** Concurrent deliveries over all destinations, in this process. */
  readonly concurrency: number;
  /** Concurrent deliveries per destination in this process, unless its route says otherwise. */
  readonly perDestination: number;
  /** Age after which the sender gets one delay notice; `null`: never. */
  readonly delayNotice: number | null;
  /** Bytes of the original that a DSN may carry. */
  readonly dsnLimit: number;
  /** An MX may point to loopback, private and documentation addresses. */
  readonly localMx: boolean;
  /** Port of MX hosts: 25 on the public internet. */
  readonly mxPort: number;
  /** How long an idle connection is kept for the next message. */
  readonly idle: number;
  /** Messages over one connection. */
  readonly messagesPerConnection: number;
  readonly timeouts: Timeouts;
  /** PEM of certificate authorities that `tls: verify` trusts; `null`: the system's. */
  readonly trust: string | null;
}

/** Time-outs; RFC 5321 4.5.3.2 sets lower bounds for all but `connect`. */
export interface Timeouts {
  readonly connect: number;
  readonly greeting: number;
  /** MAIL, RCPT, RSET. */
  readonly command: number;
  readonly data: number;
  /** Between two writes of content that the peer accepts. */
  readonly block: number;
  readonly afterDot: number;
}

const MINUTE = 60_000;

export const RFC_TIMEOUTS: Timeouts = {
  connect: MINUTE / 2,
  greeting: 5 * MINUTE,
  command: 5 * MINUTE,
  data: 2 * MINUTE,
  block: 3 * MINUTE,
  afterDot: 10 * MINUTE,
};

/** The defaults. */
export const DEFAULT_SETTINGS: Omit<DeliverySettings, 'hostname' | 'root' | 'ownAddresses'> = {
  retry: [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 240 * MINUTE],
  lifetime: 5 * 24 * 60 * MINUTE,
  processes: 1,
  concurrency: 100,
  perDestination: 20,
  delayNotice: null,
  dsnLimit: 64 * 1024,
  localMx: false,
  mxPort: 25,
  idle: 5_000,
  messagesPerConnection: 500,
  timeouts: RFC_TIMEOUTS,
  trust: null,
};

/** One process's share of a limit for all processes: at least 1. */
export const share = (total: number, processes: number): number => Math.max(1, Math.floor(total / processes));
