import type { LookUpKeys } from '../../policy/facts/configured.ts';
import type { RelayConfig } from './config.ts';
import { camelCase } from './key.ts';
import { SERVICE_KEYS } from './keys/services/index.ts';

const namesIn = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.keys(value) : []);

/** A key that was left out is `null`, or has nothing in it. */
const isThere = (value: unknown): boolean =>
  value !== null && value !== undefined && (typeof value !== 'object' || Object.keys(value).length > 0);

/** The keys of look-ups that a site has, as policies depend on them. */
export const lookUpKeys = ({ services }: Pick<RelayConfig, 'services'>): LookUpKeys => {
  const values = new Map<string, unknown>(Object.entries(services));
  const there = Object.keys(SERVICE_KEYS).map((name) => [name, values.get(camelCase(name))] as const);
  return new Map(there.flatMap(([name, value]) => (isThere(value) ? [[name, namesIn(value)]] : [])));
};
