import type { MessageLimits } from '../transaction/settings.ts';

/** Sizes in bytes, durations in milliseconds, the rest counts. */
export interface Limits extends MessageLimits {
  readonly connections: number;
  readonly connectionsPerIp: number;
  /** New ones in a second. */
  readonly connectionRatePerIp: number;
  readonly errors: number;
  /** Without a message that was taken, and beyond `recipients`. */
  readonly commands: number;
  /** Failed logins of one session, of one client (an address, an IPv6 /64) and of one user, before they are held back. */
  readonly authFailures: number;
  readonly authFailuresPerIp: number;
  readonly authFailuresPerUser: number;
  readonly commandLine: number;
  /** Bytes a second, of a message. */
  readonly minDataRate: number;
  readonly handshake: number;
  /** In the place of `idle`, when something runs short. */
  readonly idleUnderStress: number;
  /** Bytes that sessions of the relay may hold together; `null`: what the memory there is allows. */
  readonly memory: number | null;
  readonly idle: number;
  readonly session: number;
}
