import { isArray, isObject } from '../../policy/json.ts';
import { at, type Check } from './check.ts';

/** Networks shorter than these are no proxies of ours. */
const SHORTEST = { ipv4: 8, ipv6: 16 } as const;

/** Whoever is trusted to name the client can name any: a host of ours, for one. */
export const proxyChecks: Check = (document, config) => {
  const trusted = isObject(config.proxy_protocol) ? config.proxy_protocol.from : undefined;
  if (!isArray(trusted)) return [];
  return trusted.flatMap((network, index) => {
    const [address = '', length] = String(network).split('/');
    const shortest = SHORTEST[address.includes(':') ? 'ipv6' : 'ipv4'];
    // Private networks of this size are one site: fc00::/7.
    if (length === undefined || Number(length) >= shortest || /^f[cd]/i.test(address)) return [];
    return [
      at(document, ['proxy_protocol', 'from', index], 'RLY5015', {
        message: `Strangers in ${String(network)} could claim any client address, one that may relay for instance`,
        help: 'Name the addresses of the load balancers.',
      }),
    ];
  });
};
