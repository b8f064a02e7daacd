import type { CompiledRule } from '../compile/rule.ts';
import type { View } from '../compile/view.ts';
import type { AppliedEffect, Change, Unsettled, Verdict } from '../decision.ts';
import type { MadeEffect, Unmade } from '../definition.ts';
import { doubtedChange, showToLaterRules } from './changes.ts';

/** A reason tells of the one before it; this bounds the chain. */
const LONGEST_REASON = 300;

/**
 * What a hook leaves unknown. A rule that cannot be decided may have had its effects, and may have ended the
 * hook: then what later rules of the hook changed may not have come about, and a refusal for good by one of them
 * may be one that the undecided rule would have spared the client. Costs nothing while all is decided.
 */
export class Doubts {
  readonly #view: View;
  #changes: Change[] | null = null;
  /** Why the hook may have ended already. */
  #ended: string | null = null;
  /** The undecided rule that may have ended the hook with something else than a refusal for good. */
  #spares: string | null = null;

  constructor(view: View) {
    this.#view = view;
  }

  /** Another evaluation begins. */
  clear(): void {
    this.#changes = null;
    this.#ended = null;
    this.#spares = null;
  }

  /** `null` while effects tell all. */
  get changes(): readonly Change[] | null {
    return this.#changes;
  }

  /** The undecided rule that keeps this verdict from standing, if one does. */
  against(verdict: Verdict): string | null {
    return verdict.verdict === 'reject' || verdict.verdict === 'disconnect' || verdict.verdict === 'discard' ? this.#spares : null;
  }

  /** `effects` are all of the hook so far; those from `first` on have just happened. */
  happened(effects: readonly AppliedEffect[], first: number): void {
    let doubtful = this.#changes !== null || this.#ended !== null;
    for (let index = first; index < effects.length; index++) doubtful ||= effects[index]?.doubt !== undefined;
    if (!doubtful) return;
    const changes = this.#begun(effects.slice(0, first));
    for (const effect of effects.slice(first)) {
      const doubt = effect.doubt ?? this.#ended;
      const change = doubt === null ? effect : doubtedChange(effect, effect.by, doubt);
      if (change !== null) changes.push(change);
    }
  }

  /** An undecided rule: all it would have done is possible. */
  possible(rule: CompiledRule, why: string, before: readonly AppliedEffect[]): void {
    const doubt = why.slice(0, LONGEST_REASON);
    for (const made of this.#made(rule, doubt)) this.#doubt(made, rule.name, doubt, before);
    if (rule.verdict !== null || rule.disconnect) this.#mayEnd(rule, doubt);
  }

  /** Only a part of what a rule did could not be made. */
  unmade(made: Unmade, by: string, before: readonly AppliedEffect[]): void {
    this.#doubt(made, by, made.reason, before);
  }

  /** The message was left as it is, since the hook refused; it might not have. */
  unapplied(effects: readonly AppliedEffect[], why: string): void {
    for (const effect of effects) {
      const change = doubtedChange(effect, effect.by, why);
      if (change?.effect === 'unsettle') this.#begun(effects).push(change);
    }
  }

  unsettle(change: Unsettled): void {
    this.#begun([]).push(change);
  }

  #doubt(made: MadeEffect | Unmade, by: string, doubt: string, before: readonly AppliedEffect[]): void {
    const change = doubtedChange(made, by, doubt);
    if (change === null) return;
    this.#begun(before).push(change);
    showToLaterRules(change, this.#view);
  }

  #mayEnd(rule: CompiledRule, doubt: string): void {
    this.#ended ??= doubt;
    const refuses = rule.verdict === null || rule.verdict.verdict === 'reject';
    if (!refuses) this.#spares ??= rule.name;
  }

  /** What the rule would have done. Look-ups that only this asks for are not wanted; one that fails would have ended the hook. */
  #made(rule: CompiledRule, doubt: string): readonly (MadeEffect | Unmade)[] {
    const wanted = this.#view.wanted.length;
    const made: (MadeEffect | Unmade)[] = [];
    try {
      for (const effect of rule.effects) made.push(effect.make(this.#view));
    } catch {
      this.#ended ??= doubt;
    }
    this.#view.wanted.length = wanted;
    return made;
  }

  #begun(before: readonly AppliedEffect[]): Change[] {
    this.#changes ??= [...before];
    return this.#changes;
  }
}
