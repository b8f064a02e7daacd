import type { Span } from '../../policy/diagnostic.ts';
import type { ListType } from '../../policy/syntax.ts';
import type { Occurrence } from './occurrences.ts';

/** A list of the site, as it is offered and described. */
export interface KnownList {
  readonly name: string;
  readonly type: ListType;
  readonly entries: number;
  readonly file: string | null;
}

/** What the policies of a site name. */
export interface SiteNames {
  readonly lists: readonly KnownList[];
  readonly occurrences: readonly Occurrence[];
  /** Codes of each configured DNS list. */
  readonly dnsLists: ReadonlyMap<string, readonly string[]>;
  readonly tests: readonly { readonly name: string; readonly at: Span }[];
  /** Files in which names may stand that are not among these: they, or parts of them, have a fault. */
  readonly partly: readonly string[];
}

export const NO_NAMES: SiteNames = { lists: [], occurrences: [], dnsLists: new Map(), tests: [], partly: [] };
