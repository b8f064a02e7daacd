import { relative, resolve } from 'node:path';
import { isObject, type Json } from '../../policy/json.ts';
import type { Path } from '../../policy/syntax.ts';
import { at, type Check, objects } from './check.ts';

const PATHS = [
  ['tls', 'cert'],
  ['tls', 'key'],
  ['auth', 'users'],
  ['queue', 'path'],
  ['log', 'decisions'],
] as const;

interface Placed {
  readonly path: Path;
  readonly value: Json | undefined;
}

const written = (config: Parameters<Check>[1]): readonly Placed[] => [
  ...PATHS.map(([section, key]) => {
    const holder = config[section];
    return { path: [section, key], value: isObject(holder) ? holder[key] : undefined };
  }),
  ...objects(config.listeners).map(({ address }, index) => ({ path: ['listeners', index, 'address'], value: address })),
  { path: ['admin', 'address'], value: isObject(config.admin) ? config.admin.address : undefined },
];

/** Of an address, the part that is a path. */
const pathIn = (value: string, key: unknown): string | null => {
  if (key !== 'address') return value;
  return value.startsWith('unix:') ? value.slice('unix:'.length) : null;
};

/** A relative path may not leave the site; an absolute one says openly where it leads. */
export const sitePaths =
  (root: string): Check =>
  (document, config) =>
    written(config).flatMap(({ path, value }) => {
      const text = typeof value === 'string' ? pathIn(value, path.at(-1)) : null;
      if (text === null || relative(root, resolve(root, text)).split('/')[0] !== '..' || text.startsWith('/')) return [];
      const finding = {
        message: `${text} leads out of the site`,
        help: 'Relative paths stay below the site’s folder; write an absolute path if it is meant to lie elsewhere.',
      };
      return [at(document, path, 'RLY5001', finding)];
    });
