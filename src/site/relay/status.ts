import type { BoundListener } from '../../smtp/server.ts';
import type { RelayStatus, ReloadResult } from '../control/protocol.ts';
import type { Running } from './running.ts';

/** What a status is made of. Times are epoch milliseconds. */
export interface StatusParts extends Pick<RelayStatus, 'connections' | 'queue' | 'workers'> {
  readonly running: Running;
  readonly started: number;
  readonly lastReload: ReloadResult | null;
  readonly listeners: readonly BoundListener[];
}

/** As `relayctl status` tells it. */
export const relayStatus = ({ running, started, lastReload, listeners, ...sums }: StatusParts): RelayStatus => ({
  pid: process.pid,
  policy: running.policy.version,
  rules: running.policy.rules,
  started: new Date(started).toISOString(),
  loaded: new Date(running.loaded).toISOString(),
  lastReload,
  listeners: Object.fromEntries(listeners.map(({ name, address }) => [name, address])),
  ...sums,
});
