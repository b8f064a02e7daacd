import { isIPv6 } from 'node:net';
import { type Concessions, NO_CONCESSIONS } from '../../transaction/concessions.ts';
import type { RelayConfig } from './config.ts';
import { networks } from './networks.ts';

type Concede = (listener: string, ip: string) => Concessions;

const either = (a: Concessions, b: Concessions): Concessions => ({
  bareAddresses: a.bareAddresses || b.bareAddresses,
  looseHelo: a.looseHelo || b.looseHelo,
  bareLf: a.bareLf || b.bareLf,
  encodeHeaders: a.encodeHeaders || b.encodeHeaders,
});

/** What `compat:` lets the client at this address do on this listener: all of what the entries for it say. */
export const concessionsOf = ({ compat }: Pick<RelayConfig, 'compat'>): Concede => {
  const entries = compat.map((entry) => ({ ...entry, from: entry.from.length === 0 ? null : networks(entry.from) }));
  return (listener, ip) =>
    entries
      .filter(({ listeners, from }) => {
        const isHere = listeners.length === 0 || listeners.includes(listener);
        return isHere && (from === null || (ip !== '' && from.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')));
      })
      .reduce<Concessions>(either, NO_CONCESSIONS);
};
