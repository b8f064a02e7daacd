import { isIP } from 'node:net';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../policy/json.ts';
import { type Code, diagnose, type Finding } from '../../policy/lint/codes.ts';
import type { Located, Path } from '../../policy/syntax.ts';
import { duration } from '../../policy/types/duration.ts';
import { isLoopback, readAddress } from './address.ts';

/*
 * What a schema cannot say: how the keys of the configuration depend on one another. Each check looks at
 * one thing and says where it stands.
 */

type Check = (document: Located, config: JsonObject) => readonly Diagnostic[];

const at = (document: Located, path: Path, code: Code, finding: Finding): Diagnostic =>
  diagnose(code, document.spanOf(path, 'value'), finding);

const objects = (value: Json | undefined): readonly JsonObject[] => (isArray(value) ? value.filter(isObject) : []);

const BAD_ADDRESS: Finding = {
  message: 'This is no address to listen on',
  help: 'Write 127.0.0.1:2525, "[::1]:2525" or unix:/run/relay.sock, with a port from 0 to 65535.',
};

const addresses: Check = (document, config) => [
  ...objects(config.listeners).flatMap((listener, index) =>
    typeof listener.address === 'string' && !readAddress(listener.address)
      ? [at(document, ['listeners', index, 'address'], 'RLY5004', BAD_ADDRESS)]
      : [],
  ),
  ...(isObject(config.admin) && typeof config.admin.address === 'string' && !readAddress(config.admin.address)
    ? [at(document, ['admin', 'address'], 'RLY5004', BAD_ADDRESS)]
    : []),
];

/** Both must differ between listeners; port 0 is a new port each time. */
const distinct =
  (key: 'name' | 'address'): Check =>
  (document, config) => {
    const first = new Map<Json, number>();
    return objects(config.listeners).flatMap((listener, index) => {
      const value = listener[key];
      if (value === undefined || (key === 'address' && /:0$/.test(String(value)))) return [];
      const earlier = first.get(value);
      if (earlier === undefined) {
        first.set(value, index);
        return [];
      }
      return [
        at(document, ['listeners', index, key], 'RLY5004', {
          message: `Another listener already has the ${key} ${value}`,
          help: `Give each listener ${key === 'name' ? 'a name' : 'an address'} of its own.`,
          related: [{ at: document.spanOf(['listeners', earlier, key], 'value'), message: 'The first one' }],
        }),
      ];
    });
  };

const encryption: Check = (document, config) =>
  objects(config.listeners).flatMap((listener, index) => {
    if (config.tls !== undefined || (listener.tls !== 'starttls' && listener.tls !== 'implicit')) return [];
    return [
      at(document, ['listeners', index, 'tls'], 'RLY5005', {
        message: `A listener with tls: ${listener.tls} needs a certificate`,
        help: 'Name it: tls: { cert: config/tls/cert.pem, key: config/tls/key.pem }.',
      }),
    ];
  });

const users: Check = (document, config) =>
  objects(config.listeners).flatMap((listener, index) => {
    const wanted = listener.auth === 'required' || listener.auth === 'optional';
    if (!wanted || config.auth !== undefined) return [];
    return [
      at(document, ['listeners', index, 'auth'], 'RLY5004', {
        message: `A listener with auth: ${listener.auth} needs users`,
        help: 'Name their file, auth: { users: config/users }, and fill it with relayctl user add.',
      }),
    ];
  });

/** AUTH that is demanded but never offered locks everybody out. */
const reachableAuth: Check = (document, config) =>
  objects(config.listeners).flatMap((listener, index) => {
    const plain = listener.tls === 'none' || (listener.tls === undefined && config.tls === undefined);
    const insecure = isObject(config.auth) && config.auth.require_tls === false;
    if (listener.auth !== 'required' || config.auth === undefined || !plain || insecure) return [];
    return [
      at(document, ['listeners', index, 'auth'], 'RLY5004', {
        message: 'This listener requires AUTH and can never offer it: it has no TLS',
        help: 'Give it tls: starttls, or say auth: { require_tls: false } if the network is trusted.',
      }),
    ];
  });

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

const CHECKS: readonly Check[] = [
  addresses,
  distinct('name'),
  distinct('address'),
  encryption,
  users,
  reachableAuth,
  exposure,
  lifetimes,
  nameServers,
];

/** All that is wrong between the keys of a configuration that fits its schema. */
export const checkConfig = (document: Located): readonly Diagnostic[] => {
  const config = document.value;
  return isObject(config) ? CHECKS.flatMap((check) => check(document, config)) : [];
};
