import { condition as compileCondition } from '../compile/condition.ts';
import { placeless } from '../compile/outline.ts';
import type { Scope } from '../compile/scope.ts';
import type { Test } from '../compile/test.ts';
import { View } from '../compile/view.ts';
import type { Membership } from '../definition.ts';
import { ExpressionBudget } from '../expression-budget.ts';
import { findFact, keptName } from '../facts/find.ts';
import { isArray, type Json } from '../json.ts';
import { operators } from '../operators/index.ts';
import { elements } from '../read/parts.ts';
import type { ConditionSyntax, OperatorSyntax } from '../syntax.ts';
import type { Truth } from '../truth.ts';
import type { FactValue } from '../value.ts';
import { type Formula, type Proposition, type Wanted, when } from './formula.ts';
import { rootOf } from './roots.ts';

/** One operator on one fact, or a test of one fact that is no condition of the language. */
export interface Atom {
  readonly number: number;
  readonly fact: string;
  /** `null`: no condition of the language. */
  readonly use: OperatorSyntax | null;
  /** On whose value alone its truth depends; `null`: nobody reasons about it, and any truth is taken for possible. */
  readonly root: string | null;
  /** Values of one root at different times are different values; empty at the hook in question. */
  readonly time: string;
  readonly truth: (value: FactValue) => Truth;
}

/** Where a condition is asked. */
export interface Place {
  /** Full name of the rule or grant. */
  readonly by: string;
  /** Names the time at which a fact is read, if it may differ from the one in question. */
  readonly timeOf: (root: string) => string;
}

/** Split up where each alternative may stand for itself: whatever holds for one of several texts holds for it alone. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['in', 'glob', 'matches', 'contains', 'starts_with', 'ends_with']);

/** More are kept together. */
const MOST_APART = 300;

const writtenAs = (operator: string, value: Json): OperatorSyntax => {
  const operand = placeless(value);
  return { operator, operand, at: operand.at };
};

/** The atoms of a site, each there once. */
export class Atoms {
  readonly all: Atom[] = [];
  readonly #byKey = new Map<string, Atom>();
  readonly #lists: ReadonlyMap<string, Membership>;

  /** Whether it may be that a fact could not be found out. */
  readonly mayBeUnknown: (root: string) => boolean;

  constructor(lists: ReadonlyMap<string, Membership>, mayBeUnknown: (root: string) => boolean) {
    this.#lists = lists;
    this.mayBeUnknown = mayBeUnknown;
  }

  /** `when` and `unless` together. */
  guard(when: ConditionSyntax | null, unless: readonly ConditionSyntax[], place: Place): Proposition {
    const holds = when === null ? [] : [this.proposition(when, place)];
    return { is: 'all', parts: [...holds, ...unless.map((one): Proposition => ({ is: 'not', part: this.proposition(one, place) }))] };
  }

  proposition(condition: ConditionSyntax, place: Place): Proposition {
    switch (condition.kind) {
      case 'not':
        return { is: 'not', part: this.proposition(condition.part, place) };
      case 'none':
        return { is: 'not', part: { is: 'any', parts: condition.parts.map((part) => this.proposition(part, place)) } };
      case 'fact':
        return { is: 'all', parts: condition.operators.map((use) => this.#operator(keptName(condition.fact), use, place)) };
      default:
        return { is: condition.kind, parts: condition.parts.map((part) => this.proposition(part, place)) };
    }
  }

  /** When a condition is true, false or neither. */
  when(proposition: Proposition, wanted: Wanted): Formula {
    return when(proposition, wanted, (number) => {
      const atom = this.all[number];
      return atom !== undefined && !this.mayBeOpen(atom);
    });
  }

  /** The fact is there. */
  present(fact: string, place: Place): Proposition {
    return this.#atom(fact, writtenAs('exists', true), place);
  }

  /** The fact has this value. */
  equals(fact: string, value: Json, place: Place): Proposition {
    return { is: 'atom', atom: this.of(fact, 'eq', value, place).number };
  }

  /** One operator on one fact. */
  of(fact: string, operator: string, operand: Json, place: Place): Atom {
    return this.#atomOf(fact, writtenAs(operator, operand), place);
  }

  /** Its truth may be unknown. */
  mayBeOpen({ root }: Atom): boolean {
    return root === null || this.mayBeUnknown(root);
  }

  /** A test of our own. Equal keys stand for equal tests. */
  own(key: string, root: string, truth: Atom['truth']): Atom {
    return this.#kept(`own ${key}`, (number) => ({ number, fact: root, use: null, root, time: '', truth }));
  }

  #operator(fact: string, use: OperatorSyntax, place: Place): Proposition {
    const definition = operators.get(use.operator);
    const isSet = findFact(fact)?.collection === true;
    if (use.operator === 'exists' && use.operand.value === false) return { is: 'not', part: this.present(fact, place) };
    if (use.operator === 'same_as') return this.#sameAs(fact, use, place);
    if (!isSet && definition?.asks === 'value' && definition.opposite !== undefined) {
      const opposite = this.#operator(fact, { ...use, operator: definition.opposite }, place);
      return { is: 'all', parts: [this.present(fact, place), { is: 'not', part: opposite }] };
    }
    const several = OF_SEVERAL.has(use.operator) && isArray(use.operand.value) ? elements(use.operand) : [];
    if (several.length === 0 || several.length > MOST_APART) return this.#atom(fact, use, place);
    const operator = use.operator === 'in' ? 'eq' : use.operator;
    return { is: 'any', parts: several.map((operand) => this.#atom(fact, { ...use, operator, operand }, place)) };
  }

  /** It is false where either fact is absent; whether two values are equal is left open. */
  #sameAs(fact: string, use: OperatorSyntax, place: Place): Proposition {
    const other = keptName(String(use.operand.value));
    return { is: 'all', parts: [this.present(fact, place), this.present(other, place), this.#atom(fact, use, place)] };
  }

  #atom(fact: string, use: OperatorSyntax, place: Place): Proposition {
    return { is: 'atom', atom: this.#atomOf(fact, use, place).number };
  }

  #atomOf(fact: string, use: OperatorSyntax, place: Place): Atom {
    const definition = findFact(fact);
    const isOpen = use.operator === 'same_as' || definition === null || definition.changedByRules === 'at once';
    const root = isOpen ? null : rootOf(fact);
    const time = root === null ? place.by : place.timeOf(root);
    const key = JSON.stringify([fact, use.operator, use.operand.value, time]);
    return this.#kept(key, (number) => this.#made(number, { fact, use, root, time }));
  }

  #made(number: number, { fact, use, root, time }: Pick<Atom, 'fact' | 'root' | 'time'> & { readonly use: OperatorSyntax }): Atom {
    const test = root === null ? null : this.#compiled(fact, use);
    if (test === null || root === null) return { number, fact, use, root: null, time, truth: () => undefined };
    const truth = (value: FactValue): Truth => test.truth(new View({ get: (asked) => (asked === root ? value : undefined) }));
    return { number, fact, use, root, time, truth };
  }

  #compiled(fact: string, use: OperatorSyntax): Test | null {
    const scope: Scope = { lists: this.#lists, diagnostics: [], expressions: new ExpressionBudget() };
    const test = compileCondition({ kind: 'fact', fact, operators: [use], at: use.at, factAt: use.at }, scope);
    return scope.diagnostics.length > 0 ? null : test;
  }

  #kept(key: string, make: (number: number) => Atom): Atom {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const atom = make(this.all.length);
    this.#byKey.set(key, atom);
    this.all.push(atom);
    return atom;
  }
}
