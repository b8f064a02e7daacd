import type { MessageLimits } from '../transaction/settings.ts';

/** Sizes in bytes, durations in milliseconds, the rest counts. */
export interface Limits extends MessageLimits {
  readonly connections: number;
  readonly connectionsPerIp: number;
  readonly errors: number;
  /** Without a message that was taken, and beyond `recipients`. */
  readonly commands: number;
  readonly commandLine: number;
  readonly idle: number;
  readonly session: number;
}
