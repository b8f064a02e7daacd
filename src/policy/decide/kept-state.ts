import { Between, OneOf, UncertainSet } from '../uncertain.ts';
import { type FactValue, isCollection, type Scalar, Unknown } from '../value.ts';

/** A set of which some members are only possible: why each is, and why any other may be in it, too. */
export interface KeptPossible {
  readonly possible: Readonly<Record<string, string>>;
  readonly open?: string;
}

/** Of the score, what undecided rules leave unknown: all it may be, or its bounds, or neither. */
export interface KeptScore {
  readonly options?: readonly number[];
  readonly bounds?: readonly [number, number];
  readonly reason: string;
}

/** What undecided rules have left unknown. */
export interface KeptUnknowns {
  /** Fact -> why it is unknown. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly tags?: KeptPossible;
  readonly skipped?: KeptPossible;
  readonly grant?: KeptPossible;
  readonly score?: KeptScore;
}

/** All that rules have left behind, as it stays with a queued message: plain data. */
export interface KeptState {
  readonly results: Readonly<Record<string, Scalar>>;
  readonly tags: readonly string[];
  readonly score: number;
  readonly skipped: readonly string[];
  /** Only where something is unknown. */
  readonly unknown?: KeptUnknowns;
}

/** What is certain of a set. */
export const certainOf = (value: FactValue | undefined): readonly string[] => {
  if (value instanceof UncertainSet) return value.certain;
  return value !== undefined && isCollection(value ?? null) && Array.isArray(value) ? value.map(String) : [];
};

/** The score, were nothing unknown to change it. */
export const baseOf = (score: FactValue | undefined): number => {
  if (typeof score === 'number') return score;
  const first = score instanceof OneOf ? score.options[0] : 0;
  return typeof first === 'number' ? first : 0;
};

export const keptSet = (value: FactValue | undefined): KeptPossible | undefined => {
  if (!(value instanceof Unknown)) return undefined;
  if (!(value instanceof UncertainSet)) return { possible: {}, open: value.reason };
  const possible = Object.fromEntries(value.possible);
  return value.open === null ? { possible } : { possible, open: value.open };
};

export const keptScore = (value: FactValue | undefined): KeptScore | undefined => {
  if (value instanceof OneOf) return { options: value.options.filter((option) => typeof option === 'number'), reason: value.reason };
  if (value instanceof Between) return { bounds: [value.low, value.high], reason: value.reason };
  return value instanceof Unknown ? { reason: value.reason } : undefined;
};

export const setFrom = (certain: readonly string[], kept: KeptPossible | undefined): FactValue =>
  kept === undefined ? certain : new UncertainSet(certain, new Map(Object.entries(kept.possible)), kept.open ?? null);

export const scoreFrom = (score: number, kept: KeptScore | undefined): FactValue => {
  if (kept === undefined) return score;
  const { options, bounds, reason } = kept;
  if (options !== undefined) return new OneOf(options, reason);
  return bounds === undefined ? new Unknown(reason) : new Between(bounds[0], bounds[1], reason);
};
