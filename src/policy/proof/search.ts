import type { Formula, Literal } from './formula.ts';

/*
 * Looks for an assignment under which formulas hold: DPLL over formulas as they stand. What must hold is assigned, alternatives
 * are tried in turn, those with the fewest first. What is found is partial: variables that do not matter stay open. A theory
 * is asked about each find, and says of one that is impossible which literals cannot hold together; that is kept.
 */

/** Variable -> whether it holds. */
export type Assignment = ReadonlyMap<number, boolean>;

/** Literals that cannot all hold, as far as the theory knows; `null`: nothing against it. */
export type Theory = (assignment: Assignment) => readonly Literal[] | null;

/** Steps that a search may take, in all. */
export class Budget {
  #left: number;
  readonly #until: number;

  /** `until`: in milliseconds of `performance.now()`. */
  constructor(steps: number, until: number) {
    this.#left = steps;
    this.#until = until;
  }

  get isSpent(): boolean {
    return this.#left < 0 || performance.now() > this.#until;
  }

  spend(steps: number): void {
    this.#left -= steps;
  }
}

type Alternatives = Extract<Formula, { is: 'all' | 'any' }>;

interface Node {
  readonly assigned: Map<number, boolean>;
  readonly open: readonly Alternatives[];
}

/** `null`: there is none; `undefined`: the budget was spent before that was sure. */
export const search = (formulas: readonly Formula[], theory: Theory, budget: Budget): Assignment | null | undefined =>
  new Search(theory, budget).find(formulas);

class Search {
  readonly #theory: Theory;
  readonly #budget: Budget;
  readonly #conflicts: (readonly Literal[])[] = [];

  constructor(theory: Theory, budget: Budget) {
    this.#theory = theory;
    this.#budget = budget;
  }

  find(formulas: readonly Formula[]): Assignment | null | undefined {
    const found = this.#below({ assigned: new Map(), open: [] }, formulas);
    return found === null && this.#budget.isSpent ? undefined : found;
  }

  #below(before: Node, asserted: readonly Formula[]): Assignment | null {
    if (this.#budget.isSpent) return null;
    const node = this.#propagated(before, asserted);
    if (node === null || this.#isKnownConflict(node.assigned)) return null;
    const fewest = node.open.reduce<Alternatives | null>((a, b) => (a !== null && a.parts.length <= b.parts.length ? a : b), null);
    if (fewest === null) return this.#judged(node.assigned);
    const open = node.open.filter((one) => one !== fewest);
    for (const part of fewest.parts) {
      const found = this.#below({ assigned: new Map(node.assigned), open }, [part]);
      if (found !== null) return found;
    }
    return null;
  }

  #judged(assigned: Assignment): Assignment | null {
    const conflict = this.#theory(assigned);
    if (conflict === null) return assigned;
    this.#conflicts.push(conflict);
    return null;
  }

  #isKnownConflict(assigned: Assignment): boolean {
    return this.#conflicts.some((conflict) => conflict.every(({ variable, holds }) => assigned.get(variable) === holds));
  }

  /** Assigns what must hold, until nothing more follows; `null` where that contradicts itself. */
  #propagated({ assigned, open }: Node, asserted: readonly Formula[]): Node | null {
    let left = [...open];
    let todo = [...asserted];
    while (todo.length > 0) {
      const more = this.#assert(todo, assigned);
      if (more === null) return null;
      todo = [];
      const next: Alternatives[] = [];
      for (const alternatives of [...left, ...more]) {
        const rest = remaining(alternatives, assigned);
        this.#budget.spend(alternatives.parts.length);
        if (rest === null) continue;
        if (rest.length === 0) return null;
        const [only] = rest;
        if (rest.length === 1 && only !== undefined) todo.push(only);
        else next.push(rest.length === alternatives.parts.length ? alternatives : { is: 'any', parts: rest });
      }
      left = next;
    }
    return { assigned, open: left };
  }

  /** The alternatives among what must hold; all else of it is assigned. */
  #assert(formulas: Formula[], assigned: Map<number, boolean>): Alternatives[] | null {
    const found: Alternatives[] = [];
    const todo = [...formulas];
    for (let formula = todo.pop(); formula !== undefined; formula = todo.pop()) {
      this.#budget.spend(1);
      if (formula.is === 'literal') {
        if (!assign(formula, assigned)) return null;
      } else if (formula.is === 'any') found.push(formula);
      else for (const part of formula.parts) todo.push(part);
    }
    return found;
  }
}

/** What is true is not false: the other variable of the atom follows. */
const assign = ({ variable, holds }: Literal, assigned: Map<number, boolean>): boolean => {
  const known = assigned.get(variable);
  if (known !== undefined) return known === holds;
  assigned.set(variable, holds);
  return !holds || assign({ is: 'literal', variable: variable ^ 1, holds: false }, assigned);
};

/** `null` where one of them holds already; else those that still may. */
const remaining = ({ parts }: Alternatives, assigned: Assignment): readonly Formula[] | null => {
  const open: Formula[] = [];
  for (const part of parts) {
    const truth = truthOf(part, assigned);
    if (truth === true) return null;
    if (truth === undefined) open.push(part);
  }
  return open;
};

/** Whether it holds whatever else is assigned; `undefined`: that depends. */
export const truthOf = (formula: Formula, assigned: Assignment): boolean | undefined => {
  if (formula.is === 'literal') {
    const known = assigned.get(formula.variable);
    return known === undefined ? undefined : known === formula.holds;
  }
  const decides = formula.is === 'any';
  let whole: boolean | undefined = !decides;
  for (const part of formula.parts) {
    const one = truthOf(part, assigned);
    if (one === decides) return decides;
    if (one === undefined) whole = undefined;
  }
  return whole;
};
