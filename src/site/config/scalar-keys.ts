import { relative, resolve } from 'node:path';
import type { ValueType } from '../../policy/definition.ts';
import type { Finding } from '../../policy/diagnostic-codes.ts';
import type { Json, JsonObject } from '../../policy/json.ts';
import { duration } from '../../policy/types/duration.ts';
import { size } from '../../policy/types/size.ts';
import { type Address, readAddress } from './address.ts';
import { type Key, type KeyFault, keyOf } from './key.ts';

const asText = (value: Json): string | undefined => (typeof value === 'string' ? value : undefined);

const asNumber = (value: Json): number | undefined => (typeof value === 'number' ? value : undefined);

const quantity =
  (type: ValueType) =>
  (value: Json): number | undefined => {
    const number = typeof value === 'string' || typeof value === 'number' ? type.normalize(value) : null;
    return typeof number === 'number' ? number : undefined;
  };

const textSchema = (description: string, more: JsonObject): JsonObject => ({ type: 'string', minLength: 1, description, ...more });

export const text = (description: string, more: JsonObject = {}, check?: Key<string>['check']): Key<string> =>
  keyOf(textSchema(description, more), asText, check);

export const flag = (description: string, preset: boolean): Key<boolean> =>
  keyOf({ type: 'boolean', description, default: preset }, (value) => (typeof value === 'boolean' ? value : undefined));

export const choice = <const Word extends string>(description: string, words: readonly Word[], more: JsonObject = {}): Key<Word> =>
  keyOf({ type: 'string', enum: words, description, ...more }, (value) => words.find((word) => word === value));

export const count = (description: string, preset: number): Key<number> =>
  keyOf({ type: 'integer', minimum: 1, description, default: preset }, asNumber);

/** Milliseconds. */
export const time = (description: string, preset?: string): Key<number> =>
  keyOf(
    {
      ...duration.literal,
      description: `${description} Write \`10m\`, \`30s\` or \`1h30m\`.`,
      ...(preset === undefined ? {} : { default: preset }),
    },
    quantity(duration),
  );

/** A number of bytes. */
export const bytes = (description: string, preset?: string): Key<number> =>
  keyOf(
    {
      ...size.literal,
      description: `${description} In bytes, or with a unit: \`500\`, \`10MB\`, \`25MiB\`.`,
      ...(preset === undefined ? {} : { default: preset }),
    },
    quantity(size),
  );

/** A relative path may not leave the site; an absolute one says openly where it leads. */
const outsideSite = (path: string, root: string): readonly KeyFault[] => {
  if (path.startsWith('/') || relative(root, resolve(root, path)).split('/')[0] !== '..') return [];
  const finding: Finding = {
    message: `${path} leads out of the site`,
    help: "Relative paths must stay within the site's folder; for any other place, write an absolute path.",
  };
  return [{ path: [], code: 'RLY5001', finding }];
};

/** Path of a file or folder, relative to the site; absolute once it is read. */
export const path = (description: string, more: JsonObject = {}): Key<string> =>
  keyOf(
    textSchema(description, more),
    (value, { root }) => (typeof value === 'string' ? resolve(root, value) : undefined),
    (value, { root }) => outsideSite(String(value), root),
  );

const BAD_ADDRESS: Finding = {
  message: 'Not an address to listen on',
  help: 'Write 127.0.0.1:2525, "[::1]:2525" or unix:/run/relay.sock, with a port from 0 to 65535.',
};

const listenAddress = (value: Json, root: string): Address | undefined => {
  const read = typeof value === 'string' ? readAddress(value) : null;
  return read?.kind === 'unix' ? { kind: 'unix', path: resolve(root, read.path) } : (read ?? undefined);
};

/** Where a socket listens. */
export const address = (description: string): Key<Address> =>
  keyOf(
    textSchema(description, {}),
    (value, { root }) => listenAddress(value, root),
    (value, { root }) => {
      const read = readAddress(String(value));
      if (read === null) return [{ path: [], code: 'RLY5004', finding: BAD_ADDRESS }];
      return read.kind === 'unix' ? outsideSite(read.path, root) : [];
    },
  );
