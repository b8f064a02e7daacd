import { Random } from './random.ts';
import type { OpenTarget, Target } from './target.ts';

export interface Finding {
  readonly target: string;
  readonly seed: string;
  readonly number: number;
  readonly reason: string;
}

/** How to see a finding again. */
export const replay = ({ target, seed, number }: Pick<Finding, 'target' | 'seed' | 'number'>): string =>
  `npm run fuzz -- --seed ${seed} --target ${target} --case ${number}`;

const late = (patience: number): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`not done after ${patience} ms`)), patience).unref());

/** One case: what is wrong, or `null`. A case that blocks this thread is late once it lets go. */
export const runCase = async (
  target: Target,
  open: OpenTarget,
  { seed, number }: Pick<Finding, 'seed' | 'number'>,
): Promise<Finding | null> => {
  const start = performance.now();
  try {
    await Promise.race([open.run(new Random(`${seed} ${target.name} ${number}`)), late(target.patience)]);
    const took = performance.now() - start;
    if (took > target.patience) throw new Error(`took ${Math.round(took)} ms`);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { target: target.name, seed, number, reason };
  }
};
