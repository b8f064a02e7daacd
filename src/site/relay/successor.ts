import { isDeepStrictEqual } from 'node:util';
import type { RelayConfig } from '../config/config.ts';
import { type Edition, openingEdition } from '../loading/edition.ts';
import { inSlices } from '../loading/in-slices.ts';
import type { Loader } from '../loading/load-apart.ts';
import { makeReady, type Running } from './running.ts';

/** What takes over after a reload, or why nothing does. */
export type Successor = { readonly running: Running; readonly edition: Edition } | { readonly running: null; readonly reason: string };

export interface Search {
  readonly configPath: string;
  readonly loader: Loader;
  readonly present: Running;
  readonly now: number;
}

/**
 * Reads the site anew beside the running one, in a process of its own, and compiles here what was found right, in
 * slices. Nothing that runs is touched or kept waiting. Never rejects.
 */
export const findSuccessor = async (search: Search): Promise<Successor> => {
  try {
    const { loader, configPath, present, now } = search;
    const sizes = new Map([...present.policy.lists].map(([name, { size }]) => [name, size]));
    const answer = await loader.load({ configPath, sizes });
    if (answer.edition === null) return { running: null, reason: answer.reason };
    const { edition } = answer;
    const material = await inSlices(openingEdition(edition));
    return { running: makeReady(material, now, { present }), edition };
  } catch (error) {
    return { running: null, reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Their values are those of the start, however often the site is read again. */
const AT_START = ['listeners', 'hostname', 'queue', 'admin', 'workers', 'log'] as const satisfies readonly (keyof RelayConfig)[];

/** Keys whose new values wait for a restart. */
export const restartNeeded = (before: RelayConfig, after: RelayConfig): readonly string[] => {
  const keys = AT_START.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return (before.auth === null) === (after.auth === null) ? keys : [...keys, 'auth'];
};

/** `present` as a process has to take it that joins a relay begun with `first`: what waits for a restart waits for it too. */
export const asBegun = (first: RelayConfig, present: RelayConfig): RelayConfig => ({
  ...present,
  ...Object.fromEntries(AT_START.map((key) => [key, first[key]])),
  auth: first.auth === null ? null : (present.auth ?? first.auth),
});
