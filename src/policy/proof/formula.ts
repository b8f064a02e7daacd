/*
 * Propositions over the atoms of a policy. An atom is one operator on one fact, and has two variables, since a condition is true,
 * false or unknown: 2n says that it is true, 2n + 1 that it is false. It is unknown where neither holds.
 */

export interface Literal {
  readonly is: 'literal';
  readonly variable: number;
  readonly holds: boolean;
}

export type Formula = Literal | { readonly is: 'all' | 'any'; readonly parts: readonly Formula[] };

export const allOf = (parts: readonly Formula[]): Formula => ({ is: 'all', parts });

export const anyOf = (parts: readonly Formula[]): Formula => ({ is: 'any', parts });

export const isTrue = (atom: number, holds = true): Literal => ({ is: 'literal', variable: 2 * atom, holds });

export const isFalse = (atom: number, holds = true): Literal => ({ is: 'literal', variable: 2 * atom + 1, holds });

/** A condition whose operators have become atoms; nothing is simplified away. */
export type Proposition =
  | { readonly is: 'atom'; readonly atom: number }
  | { readonly is: 'all' | 'any'; readonly parts: readonly Proposition[] }
  | { readonly is: 'not'; readonly part: Proposition };

/** What may be asked of a condition. */
export type Wanted = 'true' | 'false' | 'not true' | 'not false';

const OF_NEGATION = { true: 'false', false: 'true', 'not true': 'not false', 'not false': 'not true' } as const;

/** When the condition is so, by Kleene's logic. `isDecided`: the atom is never unknown, and one variable says it all. */
export const when = (proposition: Proposition, wanted: Wanted, isDecided: (atom: number) => boolean): Formula => {
  switch (proposition.is) {
    case 'atom':
      return literalOf(proposition.atom, wanted, isDecided(proposition.atom));
    case 'not':
      return when(proposition.part, OF_NEGATION[wanted], isDecided);
    default: {
      const parts = proposition.parts.map((part) => when(part, wanted, isDecided));
      const every = proposition.is === 'all' ? ['true', 'not false'] : ['false', 'not true'];
      return every.includes(wanted) ? allOf(parts) : anyOf(parts);
    }
  }
};

const literalOf = (atom: number, wanted: Wanted, decided: boolean): Literal => {
  if (decided) return isTrue(atom, wanted === 'true' || wanted === 'not false');
  if (wanted === 'true' || wanted === 'not true') return isTrue(atom, wanted === 'true');
  return isFalse(atom, wanted === 'false');
};
