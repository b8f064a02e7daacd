import { isDeepStrictEqual } from 'node:util';
import type { RelayConfig } from './config.ts';
import { camelCase } from './key.ts';
import { SERVICE_KEYS } from './keys/services/index.ts';
import type { SiteKey } from './site-key.ts';
import { RELAY_KEYS } from './site-keys.ts';

/*
 * What a changed configuration does to a running relay, as each key declares it.
 */

const valuesOf = (values: object): ReadonlyMap<string, unknown> => new Map(Object.entries(values));

const decidingOf = (keys: Readonly<Record<string, SiteKey<unknown>>>, values: object): readonly (readonly [string, unknown])[] => {
  const read = valuesOf(values);
  return Object.entries(keys).flatMap(([name, { decidesPolicy }]) => (decidesPolicy ? [[name, read.get(camelCase(name))] as const] : []));
};

/** What of the configuration decides about mail, and so belongs to the policy version. */
export const decidingPart = (config: RelayConfig): Readonly<Record<string, unknown>> =>
  Object.fromEntries([...decidingOf(RELAY_KEYS, config), ...decidingOf(SERVICE_KEYS, config.services)]);

/** Whether the services that make look-ups, and what they have cached, can stay. */
export const sameServices = (before: RelayConfig, after: RelayConfig): boolean => isDeepStrictEqual(before.services, after.services);

const changed = ({ takenUp }: SiteKey<unknown>, before: unknown, after: unknown): boolean => {
  if (takenUp === 'presence at start') return (before === null) !== (after === null);
  return takenUp === 'at start' && !isDeepStrictEqual(before, after);
};

/** Keys whose new values wait for a restart. */
export const restartNeeded = (before: RelayConfig, after: RelayConfig): readonly string[] => {
  const [old, fresh] = [valuesOf(before), valuesOf(after)];
  return Object.entries(RELAY_KEYS).flatMap(([name, key]) =>
    changed(key, old.get(camelCase(name)), fresh.get(camelCase(name))) ? [name] : [],
  );
};

const kept = ({ takenUp }: SiteKey<unknown>, first: unknown, present: unknown): unknown => {
  if (takenUp === 'presence at start') return first === null ? null : (present ?? first);
  return takenUp === 'at start' ? first : present;
};

/** `present` as a process has to take it that joins a relay started with `first`: what waits for a restart waits for it too. */
export const asStarted = (first: RelayConfig, present: RelayConfig): RelayConfig => {
  const [old, fresh] = [valuesOf(first), valuesOf(present)];
  const values = Object.entries(RELAY_KEYS).map(
    ([name, key]) => [camelCase(name), kept(key, old.get(camelCase(name)), fresh.get(camelCase(name)))] as const,
  );
  return { ...present, ...Object.fromEntries(values) };
};
