import type { Site } from '../loading/load.ts';
import { BUILT_IN } from './built-in.ts';
import type { Proof } from './proof.ts';
import { Prover } from './prover.ts';
import { Strangers } from './strangers.ts';

export interface ProveOptions {
  /** What may be left undecided for want of time, all together. */
  readonly milliseconds: number;
  /** Ids of invariants that are not asked. */
  readonly without: readonly string[];
}

/** Tries to prove of all sessions what is claimed of the site. Ends in time: what is not decided by then is undecided. */
export const proveSite = async (site: Site, { milliseconds, without }: ProveOptions): Promise<readonly Proof[]> => {
  const prover = new Prover(site, milliseconds);
  const strangers = new Strangers(prover);
  const proofs: Proof[] = [];
  for (const one of BUILT_IN) if (!without.includes(one.id)) proofs.push(...(await one.prove(prover, strangers)));
  return proofs;
};
