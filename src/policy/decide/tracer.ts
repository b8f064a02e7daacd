import type { CompiledGrant, CompiledRule } from '../compile/rule.ts';
import type { Test } from '../compile/test.ts';
import type { View } from '../compile/view.ts';
import type { RuleTrace } from '../decision.ts';
import { type Truth, truthName } from '../truth.ts';
import { Unknown } from '../value.ts';
import { isSkipped } from './changes.ts';

const ROUTED = 'a next hop may route on the local part (% ! @), but the grant has no untrusted_routing';

/** Writes down how each rule fared, when somebody wants to know; otherwise costs nothing. */
export class Tracer {
  readonly entries: RuleTrace[] = [];
  readonly on: boolean;
  readonly #view: View;

  constructor(view: View, on: boolean) {
    this.#view = view;
    this.on = on;
  }

  /** A grant whose condition holds, and which is no grant for all that, does not mean a recipient that a next hop may route on. */
  grant(grant: CompiledGrant, truth: Truth): void {
    this.reached(grant, 'grant', truth);
    const last = this.entries.at(-1);
    if (!this.on || last === undefined || truth === true) return;
    if (this.#unasked(() => grant.when.truth(this.#view)) === true) this.entries.splice(-1, 1, { ...last, why: [...last.why, ROUTED] });
  }

  /** A grant or a route. */
  reached({ name, when }: { readonly name: string; readonly when: Test }, kind: RuleTrace['kind'], truth: Truth): void {
    if (this.on)
      this.entries.push({ id: name, kind, result: truthName(truth), why: this.#unasked(() => when.why(this.#view)), shadow: false });
  }

  rule(rule: CompiledRule, truth: Truth): void {
    if (!this.on) return;
    this.entries.push({ id: rule.name, kind: 'rule', result: truthName(truth), why: this.reasons(rule, truth), shadow: rule.shadow });
  }

  /** One sentence for all that made the rule come out so. */
  reasons(rule: CompiledRule, truth: Truth): readonly string[] {
    return this.#unasked(() => [...rule.when.why(this.#view), ...this.#beyondWhen(rule, truth)]);
  }

  /** What is asked only on the way to the reasons is not wanted by anybody. */
  #unasked<T>(ask: () => T): T {
    const wanted = this.#view.wanted.length;
    const answer = ask();
    this.#view.wanted.length = wanted;
    return answer;
  }

  /** Where the condition holds, it is for what else the rule asked to decide. */
  #beyondWhen({ when, limit, group }: CompiledRule, truth: Truth): readonly string[] {
    if (when.truth(this.#view) !== true) return [];
    const skipped = this.#view.get('skip');
    if (group !== null && skipped instanceof Unknown && isSkipped(group, skipped) === undefined)
      return [`group ${group} may be skipped: ${skipped.reason}`];
    if (limit !== null) return [limit.says(truth)];
    return truth === undefined ? ['what it would do could not be found out'] : [];
  }

  /** `before`: full name of the grant or rule that decided. */
  notReached(
    { name, shadow = false }: { readonly name: string; readonly shadow?: boolean },
    kind: RuleTrace['kind'],
    before: string,
  ): void {
    if (this.on) this.entries.push({ id: name, kind, result: 'not reached', why: [`${before} had decided before`], shadow });
  }

  skipped({ name, group, shadow }: CompiledRule): void {
    if (this.on)
      this.entries.push({ id: name, kind: 'rule', result: 'skipped', why: [`an earlier rule has skipped the group ${group}`], shadow });
  }
}
