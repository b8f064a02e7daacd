import type { Test } from '../compile/test.ts';
import type { View } from '../compile/view.ts';
import type { RuleTrace } from '../decision.ts';
import { type Truth, truthName } from '../truth.ts';

/** Writes down how each rule fared, when somebody wants to know; otherwise costs nothing. */
export class Tracer {
  readonly entries: RuleTrace[] = [];
  readonly on: boolean;
  readonly #view: View;

  constructor(view: View, on: boolean) {
    this.#view = view;
    this.on = on;
  }

  /** `when` gives the reasons; what it asks on the way to them is not wanted by anybody. */
  reached(id: string, kind: RuleTrace['kind'], truth: Truth, when: Test, shadow = false): void {
    if (!this.on) return;
    const wanted = this.#view.wanted.length;
    const why = when.why(this.#view);
    this.#view.wanted.length = wanted;
    this.entries.push({ id, kind, result: truthName(truth), why, shadow });
  }

  notReached(id: string, kind: RuleTrace['kind'], shadow = false): void {
    if (this.on) this.entries.push({ id, kind, result: 'not reached', why: [], shadow });
  }
}
