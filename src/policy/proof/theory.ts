import { type FactValue, isCollection, Unknown } from '../value.ts';
import type { Atom, Atoms } from './atoms.ts';
import type { Literal } from './formula.ts';
import { mayBeAbsent } from './roots.ts';
import type { Assignment } from './search.ts';
import { guesses, type Knowledge, standingForAll } from './values.ts';

/** What a model says of one fact at one time. */
export interface RootDemand {
  readonly root: string;
  readonly time: string;
  readonly demands: readonly Demand[];
}

interface Demand {
  readonly atom: Atom;
  readonly literal: Literal;
}

/** A value that meets all demands; demands of which no value meets all; `undefined`: neither is known. */
export type Answer = { readonly value: FactValue } | { readonly conflict: readonly Literal[] } | undefined;

const UNKNOWN = new Unknown('given as unknown');

const isMet = ({ atom, literal }: Demand, value: FactValue): boolean =>
  (atom.truth(value) === (literal.variable % 2 === 0)) === literal.holds;

/** What an assignment demands, fact by fact. */
export const demandsOf = (assignment: Assignment, atoms: Atoms): readonly RootDemand[] => {
  const byRoot = new Map<string, { root: string; time: string; demands: Demand[] }>();
  for (const [variable, holds] of assignment) {
    const atom = atoms.all[variable >> 1];
    if (atom === undefined || atom.root === null) continue;
    const key = `${atom.root} ${atom.time}`;
    const known = byRoot.get(key) ?? { root: atom.root, time: atom.time, demands: [] };
    known.demands.push({ atom, literal: { is: 'literal', variable, holds } });
    byRoot.set(key, known);
  }
  return [...byRoot.values()];
};

/** Looks for a value of one fact. Only the compiled tests of the relay say what is true of it. */
export const answered = ({ root, demands }: RootDemand, knowledge: Knowledge, mayBeUnknown: Atoms['mayBeUnknown']): Answer => {
  const suits = (value: FactValue): boolean => demands.every((demand) => isMet(demand, value));
  const atoms = demands.map(({ atom }) => atom);
  const others: readonly FactValue[] = [...(mayBeAbsent(root) ? [null] : []), ...(mayBeUnknown(root) ? [UNKNOWN] : [])];
  const tried: FactValue[] = [];
  for (const value of [...guesses(root, atoms, knowledge), ...others]) {
    if (suits(value)) return { value };
    tried.push(value);
  }
  const joined = joinedSet(tried, demands);
  if (joined !== null && suits(joined)) return { value: joined };
  return settled({ root, demands }, others, knowledge);
};

/** Of a set: a member for every demand, of which none spoils another. */
const joinedSet = (tried: readonly FactValue[], demands: readonly Demand[]): FactValue | null => {
  const sets = tried.filter((value) => isCollection(value));
  const wanted = demands.filter(({ literal }) => literal.holds && literal.variable % 2 === 0);
  const unwanted = demands.filter((demand) => !wanted.includes(demand));
  const members = wanted.flatMap((one) => sets.find((set) => isMet(one, set) && unwanted.every((other) => isMet(other, set))) ?? []);
  return members.length === 0 ? null : [...new Set(members)];
};

/** By values that stand for all: one that suits, or why none can. */
const settled = ({ root, demands }: Pick<RootDemand, 'root' | 'demands'>, others: readonly FactValue[], knowledge: Knowledge): Answer => {
  const { told, values } = standingForAll(
    root,
    demands.map(({ atom }) => atom),
    knowledge,
  );
  const sure = demands.filter(({ atom }) => told.has(atom));
  const conflict = new Set<Demand>();
  let isOpen = false;
  let isEmpty = true;
  const rule = (value: FactValue, allowed: readonly Demand[]): void => {
    if ([...conflict].some((demand) => !isMet(demand, value))) return;
    const spoiled = allowed.find((demand) => !isMet(demand, value));
    if (spoiled === undefined) isOpen = true;
    else conflict.add(spoiled);
  };
  for (const value of values) {
    if (value === undefined) return undefined;
    if (demands.every((demand) => isMet(demand, value))) return { value };
    isEmpty = false;
    rule(value, sure);
    if (isOpen) return undefined;
  }
  for (const value of others) rule(value, demands);
  return isOpen || isEmpty ? undefined : { conflict: [...conflict].map(({ literal }) => literal) };
};
