import { hostname as systemName } from 'node:os';
import type { JsonSchema } from '../../policy/json.ts';
import { derived, type Key, keyOf, optional } from './key.ts';
import { compat } from './keys/compat.ts';
import { delivery, queue } from './keys/delivery.ts';
import { limits } from './keys/limits.ts';
import { lint } from './keys/lint.ts';
import { admin, auth, listeners, proxyProtocol, tls } from './keys/listeners.ts';
import { log } from './keys/log.ts';
import { SERVICE_KEYS } from './keys/services/index.ts';
import { mapping, several } from './nested-keys.ts';
import { text, time } from './scalar-keys.ts';
import type { SiteKey } from './site-key.ts';

/*
 * The keys of config/relay.yaml. One entry here is all a new key needs: schema, type, default, documentation, version of
 * the policy, and what a reload does with it follow.
 */

const version = keyOf({ const: 1, description: 'Version of this format.' }, (value) => (value === 1 ? value : undefined));

const hostname = derived(
  text('Name of this relay in greetings, trace fields and reports; the default is that of the system.', {
    pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$',
    maxLength: 253,
  }),
  () => systemName(),
);

const policies = several('Policy files in the order in which they run; a glob expands in sorted order.', text('A path of the site.'), {
  minItems: 1,
  default: ['rules/*.yaml'],
});

const workers: Key<number | 'auto'> = keyOf(
  {
    description: 'Processes that accept and deliver mail. `auto`: one fewer than there are cores, but at least 1 and at most 4.',
    type: ['string', 'integer'],
    pattern: '^auto$',
    minimum: 1,
    maximum: 64,
    default: 'auto',
  },
  (value) => (value === 'auto' || typeof value === 'number' ? value : undefined),
);

const greetingPause = time('Silence before the greeting; a client that talks into it is an early talker.', '0s');

const ON_RELOAD = { decidesPolicy: false, takenUp: 'on reload' } as const;
const AT_START = { decidesPolicy: false, takenUp: 'at start' } as const;
const PRESENCE_AT_START = { decidesPolicy: false, takenUp: 'presence at start' } as const;
const DECIDES_POLICY = { decidesPolicy: true, takenUp: 'on reload' } as const;

/** Keys that are properties of the configuration themselves. */
export const RELAY_KEYS = {
  version: { ...version, ...ON_RELOAD },
  hostname: { ...hostname, ...AT_START },
  policies: { ...policies, ...DECIDES_POLICY },
  listeners: { ...listeners, ...AT_START },
  tls: { ...optional(tls), ...PRESENCE_AT_START },
  auth: { ...optional(auth), ...PRESENCE_AT_START },
  proxy_protocol: { ...proxyProtocol, ...ON_RELOAD },
  queue: { ...queue, ...AT_START },
  delivery: { ...delivery, ...ON_RELOAD },
  limits: { ...limits, ...ON_RELOAD },
  compat: { ...compat, ...DECIDES_POLICY },
  greeting_pause: { ...greetingPause, ...ON_RELOAD },
  lint: { ...lint, ...ON_RELOAD },
  admin: { ...admin, ...AT_START },
  log: { ...log, ...AT_START },
  workers: { ...workers, ...AT_START },
} satisfies Readonly<Record<string, SiteKey<unknown>>>;

/** All of them, by their names in the file. */
export const SITE_KEYS: Readonly<Record<string, SiteKey<unknown>>> = { ...RELAY_KEYS, ...SERVICE_KEYS };

/** The whole file. */
export const SITE_MAPPING = mapping('How the relay runs, and which policies run in which order.', SITE_KEYS);

/** Closed JSON Schema of `config/relay.yaml`. */
export const configSchema = (): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:relayctl:schema:configuration:1',
  title: 'relayctl: config/relay.yaml',
  ...SITE_MAPPING.schema,
});
