import type { Session } from './witness.ts';

/** What is known of one claim about a site. */
export interface Proof {
  /** Of the invariant. */
  readonly id: string;
  /** Full name of the grant that it is about; empty where it is about the site. */
  readonly of: string;
  readonly result: 'proved' | 'refuted' | 'undecided';
  readonly why: readonly string[];
  /** It was replayed: the counterexample, or the example where something has to be possible. */
  readonly session: Session | null;
}
