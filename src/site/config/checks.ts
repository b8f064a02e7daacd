import { isIP } from 'node:net';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { isArray, isObject } from '../../policy/json.ts';
import type { Located } from '../../policy/syntax.ts';
import { duration } from '../../policy/types/duration.ts';
import { isLoopback, readAddress } from './address.ts';
import { at, type Check } from './check.ts';
import { LISTENER_CHECKS } from './listener-checks.ts';
import { networks } from './networks.ts';
import { sitePaths } from './path-checks.ts';

const exposure: Check = (document, config) => {
  const admin = isObject(config.admin) ? config.admin : {};
  const address = typeof admin.address === 'string' ? readAddress(admin.address) : null;
  if (!address || isLoopback(address) || admin.open === true) return [];
  return [
    at(document, ['admin', 'address'], 'RLY5001', {
      message: 'Others can reach this address, and the admin pages have no password',
      help: 'Use 127.0.0.1, or write open: true beside the address if a firewall guards it.',
    }),
  ];
};

const lifetimes: Check = (document, config) => {
  const delivery = isObject(config.delivery) ? config.delivery : {};
  const [first] = isArray(delivery.retry) ? delivery.retry : [];
  const wait = typeof first === 'string' ? duration.normalize(first) : null;
  const lifetime = typeof delivery.lifetime === 'string' ? duration.normalize(delivery.lifetime) : null;
  if (wait === null || lifetime === null || wait < lifetime) return [];
  return [
    at(document, ['delivery', 'retry', 0], 'RLY5001', {
      message: 'Mail is too old before it is tried a second time',
      help: 'Make the first waiting time shorter than lifetime.',
    }),
  ];
};

const nameServers: Check = (document, config) => {
  const dns = isObject(config.dns) ? config.dns : {};
  return (isArray(dns.servers) ? dns.servers : []).flatMap((server, index) => {
    const read = readAddress(String(server).includes(':') ? String(server) : `${server}:53`);
    if (read?.kind === 'tcp' && isIP(read.host) !== 0 && read.port > 0) return [];
    return [
      at(document, ['dns', 'servers', index], 'RLY5001', {
        message: 'This is no name server',
        help: 'Write its address and port, "127.0.0.1:53" or "[::1]:53"; a name would need a name server itself.',
      }),
    ];
  });
};

const proxies: Check = (document, config) => {
  const { from } = isObject(config.proxy_protocol) ? config.proxy_protocol : {};
  return (isArray(from) ? from : []).flatMap((network, index) => {
    try {
      networks([String(network)]);
      return [];
    } catch {
      const finding = { message: 'This is no address and no prefix', help: 'Write 192.0.2.7, 192.0.2.0/28 or "2001:db8::/32".' };
      return [at(document, ['proxy_protocol', 'from', index], 'RLY5001', finding)];
    }
  });
};

/** All that is wrong between the keys of a configuration that fits its schema. `root` is the site's folder. */
export const checkConfig = (document: Located, root: string): readonly Diagnostic[] => {
  const config = document.value;
  if (!isObject(config)) return [];
  const checks = [...LISTENER_CHECKS, exposure, lifetimes, nameServers, proxies, sitePaths(root)];
  return checks.flatMap((check) => check(document, config));
};
