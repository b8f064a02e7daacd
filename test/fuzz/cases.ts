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

/** Milliseconds in which a case ends even on a machine that is busy with other things. */
const AT_LAST = 60_000;

/** Rejects if the work never ends. */
const inTime = (work: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not done after ${AT_LAST} ms`)), AT_LAST);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** One case: what is wrong, or `null`. A case that blocks this thread is measured by the work it was, not by the time, which others may have taken. */
export const runCase = async (
  target: Target,
  open: OpenTarget,
  { seed, number }: Pick<Finding, 'seed' | 'number'>,
): Promise<Finding | null> => {
  const start = process.cpuUsage();
  try {
    await inTime(open.run(new Random(`${seed} ${target.name} ${number}`)));
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1_000;
    if (took > target.patience) throw new Error(`took ${Math.round(took)} ms of work`);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { target: target.name, seed, number, reason };
  }
};
