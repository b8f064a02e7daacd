import type { Diagnostic } from '../../policy/diagnostic.ts';
import { isArray, isObject } from '../../policy/json.ts';
import type { Located } from '../../policy/syntax.ts';
import { duration } from '../../policy/types/duration.ts';
import { isLoopback, readAddress } from './address.ts';
import { at, type Check } from './check.ts';
import { compatChecks } from './compat-checks.ts';
import { LISTENER_CHECKS } from './listener-checks.ts';
import { proxyChecks } from './proxy-checks.ts';
import { SITE_MAPPING } from './site-keys.ts';

const exposure: Check = (document, config) => {
  const admin = isObject(config.admin) ? config.admin : {};
  const address = typeof admin.address === 'string' ? readAddress(admin.address) : null;
  if (!address || isLoopback(address) || admin.open === true) return [];
  return [
    at(document, ['admin', 'address'], 'RLY5001', {
      message: 'Other hosts can reach this address, and the admin pages have no password',
      help: 'Use 127.0.0.1, or add open: true if a firewall protects it.',
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
      message: 'Mail would expire before its second attempt',
      help: 'Make the first retry delay shorter than lifetime.',
    }),
  ];
};

/** Values that fit the schema and still cannot be used, as their keys declare it. */
const values =
  (root: string): Check =>
  (document, config) =>
    SITE_MAPPING.check(config, { root, site: config }).map(({ path, code, finding }) => at(document, path, code, finding));

/** All that is wrong with the values of a configuration that fits its schema, and between its keys. `root` is the site's folder. */
export const checkConfig = (document: Located, root: string): readonly Diagnostic[] => {
  const config = document.value;
  if (!isObject(config)) return [];
  const checks = [values(root), ...LISTENER_CHECKS, compatChecks, proxyChecks, exposure, lifetimes];
  return checks.flatMap((check) => check(document, config));
};
