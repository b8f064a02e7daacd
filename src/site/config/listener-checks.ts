import { isObject, type Json } from '../../policy/json.ts';
import { at, type Check, objects } from './check.ts';

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
        help: 'Configure one: tls: { cert: config/tls/cert.pem, key: config/tls/key.pem }.',
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
        help: 'Set auth: { users: config/users }, and add users with relayctl user add.',
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
        message: 'This listener requires AUTH but can never offer it: it has no TLS',
        help: 'Set tls: starttls, or auth: { require_tls: false } if the network is trusted.',
      }),
    ];
  });

/** What may be wrong with listeners, alone and together with `tls:` and `auth:`. */
export const LISTENER_CHECKS: readonly Check[] = [distinct('name'), distinct('address'), encryption, users, reachableAuth];
