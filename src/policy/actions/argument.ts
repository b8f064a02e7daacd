import { PolicyError } from '../definition.ts';
import { asArray, isObject, type Json, type JsonObject } from '../json.ts';
import { parseDuration } from '../quantity.ts';

/*
 * Reads arguments that the schema has vouched for. What the schema cannot have let through is still an
 * error and not a default: an action must not do something else than what is written.
 */

const wrong = (what: string, path: readonly string[]): PolicyError =>
  new PolicyError('RLY2019', `${path.at(-1) ?? 'the argument'} must be ${what}`, 'See the reference for what the action takes.', path);

export const text = (argument: Json, path: readonly string[] = []): string => {
  if (typeof argument === 'string') return argument;
  if (typeof argument === 'number' || typeof argument === 'boolean') return String(argument);
  throw wrong('a text', path);
};

export const mapping = (argument: Json): JsonObject => {
  if (isObject(argument)) return argument;
  throw wrong('a mapping', []);
};

/** The text under a key of a mapping. */
export const textAt = (argument: Json, key: string): string => text(mapping(argument)[key] ?? null, [key]);

export const texts = (argument: Json): readonly string[] => asArray(argument).map((one) => text(one));

/** Milliseconds. Throws over `most`. */
export const milliseconds = (argument: Json, most: string, path: readonly string[] = []): number => {
  const found = typeof argument === 'string' ? parseDuration(argument) : null;
  if (found === null) throw wrong('a duration, `10m`', path);
  if (found > (parseDuration(most) ?? 0))
    throw new PolicyError('RLY1106', `${String(argument)} is longer than ${most}`, `Write ${most} or less.`, path);
  return found;
};
