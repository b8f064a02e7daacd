import type { Round } from './row.ts';

/** A median with what lay around it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((one, other) => one - other);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
};

export interface Summary {
  readonly ours: Spread;
  readonly floor: Spread;
  /** How many times the yardstick's cost, round by round: the figure to compare between machines. */
  readonly ratio: Spread;
}

export const summaryOf = (rounds: readonly Round[]): Summary => ({
  ours: spreadOf(rounds.map(({ ours }) => ours)),
  floor: spreadOf(rounds.map(({ floor }) => floor)),
  ratio: spreadOf(rounds.map(({ ours, floor }) => ours / floor)),
});
