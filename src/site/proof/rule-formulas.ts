import { findFact } from '../../policy/facts/find.ts';
import { type Hook, hookOrder } from '../../policy/hook.ts';
import { asArray } from '../../policy/json.ts';
import { verdictOf } from '../../policy/lint/verdicts.ts';
import type { Atoms, Place } from '../../policy/proof/atoms.ts';
import { anyOf, type Formula, type Proposition } from '../../policy/proof/formula.ts';
import type { GrantSyntax, PolicyFile, RuleSyntax } from '../../policy/syntax.ts';

/** After these the client does not get what it asks for. */
const REFUSING: ReadonlySet<string> = new Set(['reject', 'defer', 'disconnect']);

/** Actions that change a fact for later hooks. A fact that may change and is not here counts as changed. */
const CHANGED_BY: Readonly<Record<string, readonly string[]>> = {
  'sender.address': ['rewrite_sender'],
  'client.rdns': ['rdns'],
  'client.fcrdns': ['rdns'],
};

/** Rules of a hook that can run again in a session, with other words of the client, and whose effects then stay. */
const AGAIN: ReadonlySet<Hook> = new Set<Hook>(['helo', 'auth']);

/** What the rules of a site say, as formulas about a session at RCPT. */
export class RuleFormulas {
  readonly #atoms: Atoms;
  readonly #rules: readonly RuleSyntax[];
  readonly #used: ReadonlySet<string>;

  constructor(files: readonly PolicyFile[], atoms: Atoms) {
    this.#atoms = atoms;
    this.#rules = files.flatMap(({ rules }) => rules);
    this.#used = new Set(this.#rules.flatMap(({ actions }) => actions.map(({ action }) => action)));
  }

  grant({ name, when, unless }: GrantSyntax): Proposition {
    return this.#atoms.guard(when, unless, { by: name, timeOf: () => '' });
  }

  find(name: string): RuleSyntax | undefined {
    return this.#rules.find((rule) => rule.name === name);
  }

  /** What rules ask until a recipient is taken. */
  get asked(): readonly Proposition[] {
    return this.#rules.filter(({ on }) => hookOrder(on) <= hookOrder('rcpt')).map((rule) => this.#guard(rule));
  }

  /**
   * A session in which this rule need not be what ends its hook: it does not hold for certain, another may end the hook before it,
   * or its group may be skipped. `null`: there is no telling when it ends its hook.
   */
  spared(rule: RuleSyntax): Formula | null {
    if (rule.limit !== null || rule.mode === 'shadow' || verdictOf(rule) === null) return null;
    const same = this.#rules.filter(({ on }) => on === rule.on);
    const before = same.slice(0, same.indexOf(rule)).filter((one) => one.mode !== 'shadow' && !isRefusing(one) && verdictOf(one) !== null);
    const skipping = this.#rules.filter((one) => rule.group !== null && one.mode !== 'shadow' && skips(one, rule.group));
    return anyOf([
      this.#atoms.when(this.#guard(rule), 'not true'),
      ...this.#withoutHook(rule),
      ...before.map((one) => this.#atoms.when(this.#guard(one), 'not false')),
      ...skipping.map((one) => this.#atoms.when(this.#guard(one, AGAIN.has(one.on)), 'not false')),
    ]);
  }

  #guard(rule: RuleSyntax, again = false): Proposition {
    return this.#atoms.guard(rule.when, rule.unless, this.#placeOf(rule, again));
  }

  #placeOf({ name, on }: RuleSyntax, again: boolean): Place {
    return { by: name, timeOf: (root) => (again && isSaidAt(root) ? 'before' : this.#changes(root) && on !== 'rcpt' ? on : '') };
  }

  #changes(root: string): boolean {
    if (findFact(root)?.changedByRules === undefined) return false;
    const by = CHANGED_BY[root];
    return by === undefined || by.some((action) => this.#used.has(action));
  }

  /** Nobody has to log in. */
  #withoutHook(rule: RuleSyntax): readonly Formula[] {
    if (rule.on !== 'auth') return [];
    return [this.#atoms.when(this.#atoms.present('auth.user', this.#placeOf(rule, false)), 'not true')];
  }
}

const isSaidAt = (root: string): boolean => AGAIN.has(findFact(root)?.from ?? 'connect');

export const isRefusing = (rule: RuleSyntax): boolean => REFUSING.has(verdictOf(rule)?.action ?? '');

const skips = ({ actions }: RuleSyntax, group: string): boolean =>
  actions.some(({ action, argument }) => action === 'skip' && asArray(argument.value).includes(group));
