import { inSlices } from '../snapshots/in-slices.ts';
import type { Loader } from '../snapshots/loader.ts';
import { openingSnapshot, type SiteSnapshot } from '../snapshots/snapshot.ts';
import { makeReady, type Running } from './running.ts';

/** What takes over after a reload, or why nothing does. */
export type Successor =
  | { readonly running: Running; readonly snapshot: SiteSnapshot }
  | { readonly running: null; readonly reason: string };

export interface Search {
  readonly configPath: string;
  readonly loader: Loader;
  readonly present: Running;
  readonly now: number;
}

/**
 * Reads the site again beside the running one, in a process of its own, and compiles here what was found right, in
 * slices. Nothing that runs is touched or kept waiting. Never rejects.
 */
export const findSuccessor = async (search: Search): Promise<Successor> => {
  try {
    const { loader, configPath, present, now } = search;
    const sizes = new Map([...present.policy.lists].map(([name, { size }]) => [name, size]));
    const answer = await loader.load({ configPath, sizes });
    if (answer.snapshot === null) return { running: null, reason: answer.reason };
    const { snapshot } = answer;
    const material = await inSlices(openingSnapshot(snapshot));
    return { running: makeReady(material, now, { present }), snapshot };
  } catch (error) {
    return { running: null, reason: error instanceof Error ? error.message : String(error) };
  }
};
