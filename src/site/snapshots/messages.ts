import type { SiteSnapshot } from './snapshot.ts';
import type { PieceTaken, SnapshotPiece } from './transfer.ts';

/*
 * What a relay and its loading process say to each other. Both are of one version and nobody else can speak on their
 * channel, so a look at a message's mark is enough.
 */

/** What it is given to begin with. */
export interface LoadOrder {
  readonly say: 'load';
  readonly configPath: string;
  /** Sizes of the lists that run, by name. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** What it hears. */
export type ToLoader = LoadOrder | PieceTaken;

/** What it tells: a snapshot in pieces and that it is complete, or why the site may not run. */
export type FromLoader = SnapshotPiece | { readonly say: 'complete' } | { readonly say: 'refused'; readonly reason: string };

/** The result of loading. */
export type LoadAnswer = { readonly snapshot: SiteSnapshot } | { readonly snapshot: null; readonly reason: string };

const isMarked = (message: unknown): boolean => typeof message === 'object' && message !== null && 'say' in message;

export const isToLoader = (message: unknown): message is ToLoader => isMarked(message);
export const isFromLoader = (message: unknown): message is FromLoader => isMarked(message);
