import { listedOnError } from '../../lookup/services/blocklists.ts';
import type { Surroundings } from '../../policy/lint/check.ts';
import type { RelayConfig } from '../config/config.ts';

/** What checks of policies want to know of the configuration. */
export const surroundingsOf = ({ hostname, listeners, proxyProtocol, services }: RelayConfig): Surroundings => ({
  hostname,
  listeners: listeners.map(({ name, address, auth }) => {
    const tcp = address.kind === 'tcp' ? address : null;
    return { name, host: tcp?.host ?? null, port: tcp?.port ?? 0, authRequired: auth === 'required' };
  }),
  proxies: proxyProtocol,
  errorCodes: new Map(Object.entries(services.dnsbl).map(([name, list]) => [name, listedOnError(list)])),
});
