/** What `delivery:` and `hostname:` of the configuration say, ready to use. Durations are milliseconds. */
export interface DeliverySettings {
  /** Goes into EHLO where a route names nothing else, into DSNs, and is never a next hop. */
  readonly hostname: string;
  /** Absolute path of the site: a relative path in a `maildir:` target starts there. */
  readonly root: string;
  /** Addresses this relay itself accepts mail on: an MX that leads here is a loop. */
  readonly ownAddresses: Pick<ReadonlySet<string>, 'has'>;
  /** Delay before each further attempt; the last repeats until `lifetime` is over. Never empty. */
  readonly retry: readonly number[];
  /** Age at which what is still open fails; for messages of our own making, for others `record.expires` stands. */
  readonly lifetime: number;
  /** How many deliver beside each other; a route's `concurrency` and `rate` are for all of them together. */
  readonly processes: number;
  /** Deliveries under way at once, over all destinations; of this process, like the next. */
  readonly concurrency: number;
  /** Deliveries under way at once for one destination, where its route says nothing else. */
  readonly perDestination: number;
  /** Age after which the sender gets one delay notice; `null`: never. */
  readonly delayNotice: number | null;
  /** Bytes of the original that a DSN may carry. */
  readonly dsnLimit: number;
  /** An MX may point to loopback, private and documentation addresses. */
  readonly localMx: boolean;
  /** Port of an MX host: 25 in the world. */
  readonly mxPort: number;
  /** An unused connection is kept so long for the next message. */
  readonly idle: number;
  /** Messages over one connection. */
  readonly messagesPerConnection: number;
  readonly timeouts: Timeouts;
  /** PEM of authorities that `tls: verify` trusts instead of the system's; `null` the system's. */
  readonly trust: string | null;
}

/** How long to wait for what; RFC 5321 4.5.3.2 gives the lower bounds of all but `connect`. */
export interface Timeouts {
  readonly connect: number;
  readonly greeting: number;
  /** MAIL, RCPT, RSET. */
  readonly command: number;
  readonly data: number;
  /** Between two writes of the content that the peer takes. */
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

/** What holds where the configuration is silent. */
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

/** What one of several processes may have at once of what all are allowed together: never nothing. */
export const share = (total: number, processes: number): number => Math.max(1, Math.floor(total / processes));
