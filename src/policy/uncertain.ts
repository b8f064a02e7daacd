import type { Truth } from './truth.ts';
import { type FactValue, isCollection, type Known, Unknown } from './value.ts';

/*
 * Values that are known in part, since a rule that could not be decided may have changed them. To whoever does
 * not ask further they are unknown; a condition is decided on them when every value they may have decides it alike.
 */

/** A set with certain and possible members, and why each is only possible. */
export class UncertainSet extends Unknown {
  readonly certain: readonly string[];
  readonly possible: ReadonlyMap<string, string>;
  /** Why it may hold any other member, too; `null` if it cannot. */
  readonly open: string | null;
  constructor(certain: readonly string[], possible: ReadonlyMap<string, string>, open: string | null) {
    super(open ?? [...possible.values()][0] ?? '');
    this.certain = certain;
    this.possible = possible;
    this.open = open;
  }
}

/** One of a few values. The first is the one that holds if no undecided rule did anything. */
export class OneOf extends Unknown {
  readonly options: readonly (Known | null)[];
  constructor(options: readonly (Known | null)[], reason: string) {
    super(reason);
    this.options = options;
  }
}

/** A number, bounds included. */
export class Between extends Unknown {
  readonly low: number;
  readonly high: number;
  constructor(low: number, high: number, reason: string) {
    super(reason);
    this.low = low;
    this.high = high;
  }
}

/** How a condition may be asked of a value that is known in part. */
export interface Reach {
  /** It holds of a set when it holds of one member. */
  readonly perMember: boolean;
  /** What it says at both ends of a range it says in between. */
  readonly ordered: boolean;
}

type Test = (value: Known | null) => Truth;

/** More possible members than this are not tried one by one. */
const MOST_TRIED = 32;

/** The truth of a condition on an unknown value: unknown, unless all values that it may have agree. */
export const truthOnUnknown = (value: Unknown, test: Test, reach: Reach): Truth => {
  if (value instanceof OneOf) return agreed(value.options, test);
  if (value instanceof Between) return reach.ordered ? agreed([value.low, value.high], test) : undefined;
  return value instanceof UncertainSet ? truthOnSet(value, test, reach) : undefined;
};

const truthOnSet = ({ certain, possible, open }: UncertainSet, test: Test, { perMember }: Reach): Truth => {
  const members = [...possible.keys()];
  if (perMember) {
    const least = test(certain);
    return least === true || open !== null ? least || undefined : agreed([certain, [...certain, ...members]], test);
  }
  return open !== null || members.length > MOST_TRIED ? undefined : agreed(completions(certain, members), test);
};

/**
 * Sets that stand for all it may be: with none, with each alone, and one of every size. That is enough for
 * conditions that ask for a member, for all members or for their number; a test holds every operator to it.
 */
const completions = (certain: readonly string[], possible: readonly string[]): readonly Known[] => [
  certain,
  ...possible.map((member) => [...certain, member]),
  ...possible.map((_, index) => [...certain, ...possible.slice(0, index + 1)]),
];

const agreed = (values: readonly (Known | null)[], test: Test): Truth => {
  const [first, ...others] = values;
  const truth = first === undefined ? undefined : test(first);
  return truth !== undefined && others.every((other) => test(other) === truth) ? truth : undefined;
};

const membersOf = (value: FactValue | undefined): readonly string[] =>
  value === undefined || value === null || value instanceof Unknown ? [] : isCollection(value) ? value.map(String) : [String(value)];

const asUncertainSet = (value: FactValue | undefined): UncertainSet => {
  if (value instanceof UncertainSet) return value;
  return new UncertainSet(membersOf(value), new Map(), value instanceof Unknown ? value.reason : null);
};

const settled = (certain: Iterable<string>, possible: ReadonlyMap<string, string>, open: string | null): FactValue => {
  const held = new Set(certain);
  const rest = new Map([...possible].filter(([member]) => !held.has(member)));
  return rest.size === 0 && open === null ? [...held] : new UncertainSet([...held], rest, open);
};

/** The set with further members: of an unknown name where one is unknown, only possible where there is a doubt. */
export const withMembers = (value: FactValue | undefined, members: readonly (string | Unknown)[], doubt?: string): FactValue => {
  const named = members.filter((member) => typeof member === 'string');
  const nameless = members.find((member) => member instanceof Unknown);
  const before = asUncertainSet(value);
  const open = before.open ?? nameless?.reason ?? null;
  if (doubt === undefined) return settled([...before.certain, ...named], before.possible, open);
  return settled(before.certain, new Map([...named.map((member) => [member, doubt] as const), ...before.possible]), open);
};

/** Both sets together. */
export const union = (a: FactValue | undefined, b: FactValue | undefined): FactValue => {
  if (!(a instanceof Unknown) && !(b instanceof Unknown)) return [...new Set([...membersOf(a), ...membersOf(b)])];
  const one = asUncertainSet(a);
  const other = asUncertainSet(b);
  return settled([...one.certain, ...other.certain], new Map([...other.possible, ...one.possible]), one.open ?? other.open);
};

/** More sums than this are kept as a range. */
const MOST_OPTIONS = 256;

const oneOfNumbers = (numbers: readonly number[], reason: string): FactValue => {
  const [first = 0, ...others] = new Set(numbers);
  if (others.length === 0) return first;
  if (others.length < MOST_OPTIONS) return new OneOf([first, ...others], reason);
  return new Between(
    numbers.reduce((a, b) => Math.min(a, b)),
    numbers.reduce((a, b) => Math.max(a, b)),
    reason,
  );
};

const numbersOf = (value: FactValue | undefined): readonly number[] =>
  value instanceof OneOf ? value.options.filter((option) => typeof option === 'number') : [numberOf(value)];

/** The sum with further points; with a doubt, perhaps. */
export const withPoints = (value: FactValue | undefined, points: number, doubt?: string): FactValue =>
  sum(value, doubt === undefined ? points : oneOfNumbers([0, points], doubt));

const numberOf = (value: FactValue | undefined): number => (typeof value === 'number' ? value : 0);

const isPlain = (value: FactValue | undefined): value is Unknown =>
  value instanceof Unknown && !(value instanceof OneOf) && !(value instanceof Between);

/** Two sums together, each of which may be known in part. */
export const sum = (a: FactValue | undefined, b: FactValue | undefined): FactValue => {
  if (!(a instanceof Unknown) && !(b instanceof Unknown)) return numberOf(a) + numberOf(b);
  if (isPlain(a)) return a;
  if (isPlain(b)) return b;
  if (a instanceof Between || b instanceof Between) return betweenOf(a, b);
  const reason = a instanceof Unknown ? a.reason : b instanceof Unknown ? b.reason : '';
  return oneOfNumbers(
    numbersOf(a).flatMap((one) => numbersOf(b).map((other) => one + other)),
    reason,
  );
};

const boundsOf = (value: FactValue | undefined): readonly [number, number] => {
  if (value instanceof Between) return [value.low, value.high];
  const numbers = numbersOf(value);
  return [Math.min(...numbers), Math.max(...numbers)];
};

const betweenOf = (a: FactValue | undefined, b: FactValue | undefined): Between => {
  const [low, high] = boundsOf(a);
  const [otherLow, otherHigh] = boundsOf(b);
  return new Between(low + otherLow, high + otherHigh, a instanceof Unknown ? a.reason : b instanceof Unknown ? b.reason : '');
};

/** What an undecided rule leaves of a stated value. */
export const doubted = (stated: FactValue | undefined, doubt: Unknown): Unknown => {
  if (!(doubt instanceof UncertainSet)) return doubt;
  const certain = membersOf(stated).filter((member) => !doubt.possible.has(member));
  return new UncertainSet(certain, doubt.possible, doubt.open);
};

/** How a trace puts what is known of it. */
export const saysUnknown = (fact: string, value: Unknown): string => {
  if (value instanceof UncertainSet && value.open === null)
    return `${fact} may hold ${[...value.possible.keys()].join(', ')}: ${value.reason}`;
  if (value instanceof OneOf) return `${fact} may be ${value.options.slice(0, 5).map(written).join(' or ')}: ${value.reason}`;
  if (value instanceof Between) return `${fact} may be ${value.low} to ${value.high}: ${value.reason}`;
  return `${fact} is unknown: ${value.reason}`;
};

const written = (option: Known | null): string => (option === null ? 'absent' : String(option));
