import { inSlices } from '../snapshots/in-slices.ts';
import type { Loader } from '../snapshots/loader.ts';
import { type Edition, openingEdition } from '../snapshots/snapshot.ts';
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
