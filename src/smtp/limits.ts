import type { MessageLimits } from '../transaction/settings.ts';

/** Sizes in bytes, durations in milliseconds, everything else a count. */
export interface Limits extends MessageLimits {
  readonly connections: number;
  readonly connectionsPerIp: number;
  /** New connections per second. */
  readonly connectionRatePerIp: number;
  readonly errors: number;
  /** Commands without an accepted message, beyond `recipients`. */
  readonly commands: number;
  /** Failed logins of one session, of one client (an address, an IPv6 /64) and of one user, before they are held back. */
  readonly authFailures: number;
  readonly authFailuresPerIp: number;
  readonly authFailuresPerUser: number;
  readonly commandLine: number;
  /** Bytes per second, while a message is received. */
  readonly minDataRate: number;
  readonly handshake: number;
  /** Replaces `idle` when a resource runs short. */
  readonly idleUnderStress: number;
  /** Bytes that all sessions of the relay may hold together; `null`: derived from the available memory. */
  readonly memory: number | null;
  readonly idle: number;
  readonly session: number;
}
