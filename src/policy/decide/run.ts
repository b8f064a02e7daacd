import type { Plan } from '../compile/plan.ts';
import type { CompiledRule } from '../compile/rule.ts';
import { View } from '../compile/view.ts';
import type { AppliedEffect, Need, RuleTrace, Verdict } from '../decision.ts';
import type { Truth } from '../truth.ts';
import { type FactSource, Unknown } from '../value.ts';
import { isSkipped, showToLaterRules } from './overlay.ts';
import { couldNotTell } from './replies.ts';
import { Tracer } from './tracer.ts';

type CountingNeed = Exclude<Need, { need: 'lookup' }>;

/** A verdict, with the effects that came before it. */
interface Outcome {
  readonly verdict: Verdict;
  readonly effects: readonly AppliedEffect[];
}

/** What a rule comes to; `undecided` while something it asks has not been found out. */
type Step = {
  readonly truth: Truth;
  readonly effects: readonly AppliedEffect[];
  readonly verdict: Verdict | null;
  readonly undecided: boolean;
};

const NO_NEEDS: readonly Need[] = [];

const NOTHING = { effects: [], verdict: null } as const;

/**
 * One pass over the rules of a hook. A rule that misses a look-up is taken for unknown, and the pass goes
 * on behind it, only to note what else is missing: those look-ups are then made side by side and the hook
 * is judged again. What counts (limits, greylist) is asked only while nothing before it is open.
 */
export class Run {
  readonly view: View;
  readonly shadowed: string[] = [];
  readonly #source: FactSource;
  readonly #counting: CountingNeed[] = [];
  readonly #tracer: Tracer;
  #effects: readonly AppliedEffect[] = [];
  #outcome: Outcome | null = null;
  #open = false;
  #grant: string | null = null;
  #grantUnknown = false;

  constructor(source: FactSource, tracing: boolean) {
    this.#source = source;
    this.view = new View(source);
    this.#tracer = new Tracer(this.view, tracing);
  }

  get grant(): string | null {
    return this.#grant;
  }

  get grantUnknown(): boolean {
    return this.#grantUnknown;
  }

  get trace(): readonly RuleTrace[] {
    return this.#tracer.entries;
  }

  get outcome(): Outcome {
    return this.#outcome ?? { verdict: { verdict: 'none' }, effects: this.#effects };
  }

  get needs(): readonly Need[] {
    if (this.view.wanted.length + this.#counting.length === 0) return NO_NEEDS;
    return [...this.view.wanted.map((name): Need => ({ need: 'lookup', name })), ...this.#counting];
  }

  /** The first grant that holds; it becomes the fact `grant`. */
  grants(plan: Plan): void {
    for (const grant of plan.grants) {
      if (this.#grant !== null) {
        this.#tracer.notReached(grant.name, 'grant');
        continue;
      }
      const { truth, missed } = this.#truth(() => grant.when.truth(this.view));
      this.#tracer.reached(grant, 'grant', truth);
      if (truth === true) this.#grant = grant.name;
      else if (truth === undefined) this.#grantUnknown = true;
      this.#open ||= missed;
    }
    const unknown = this.#grant === null ? this.#grantUnknown : this.#open;
    this.view.state('grant', unknown ? new Unknown('a grant could not be decided') : this.#grant);
  }

  rules(plan: Plan): void {
    const positions = this.#tracer.on ? null : plan.index(this.view);
    const rules = positions === null ? plan.rules : positions.map((position) => plan.rules[position]);
    let over = false;
    for (const rule of rules) {
      if (rule === undefined) continue;
      if (over || (rule.group !== null && isSkipped(rule.group, this.view))) this.#tracer.notReached(rule.name, 'rule', rule.shadow);
      else over = this.#rule(rule);
    }
  }

  /** At `get_mx`, when no rule has decided: the first route that holds. An unknown one holds mail back rather than sending it astray. */
  route(plan: Plan): Plan['routes'][number]['route'] | null {
    for (const candidate of plan.routes) {
      const { name, route } = candidate;
      const { truth, missed } = this.#truth(() => candidate.when.truth(this.view));
      this.#tracer.reached(candidate, 'route', truth);
      this.#open ||= missed;
      if (truth === undefined) this.#decide(couldNotTell(name));
      if (truth !== false) return truth === true ? route : null;
    }
    return null;
  }

  /** True when a verdict stands that nothing still open can change. */
  #rule(rule: CompiledRule): boolean {
    const step = this.#step(rule);
    this.#tracer.rule(rule, step.truth);
    if (step.truth === true && rule.shadow) this.shadowed.push(rule.name);
    this.#apply(step.effects);
    if (step.verdict !== null) this.#decide(step.verdict);
    if (step.undecided) this.#open = true;
    return step.verdict !== null && !step.undecided;
  }

  #step(rule: CompiledRule): Step {
    const counted = this.#counting.length;
    const { truth, missed } = this.#truth(() => this.#holds(rule));
    if (truth === true && !rule.shadow) return this.#act(rule);
    const undecided = missed || this.#counting.length > counted;
    const defers = truth === undefined && rule.defersOnUnknown && !rule.shadow;
    return { truth, effects: [], verdict: defers ? couldNotTell(rule.name) : null, undecided };
  }

  #holds(rule: CompiledRule): Truth {
    const truth = rule.when.truth(this.view);
    return truth === true && rule.limit !== null ? rule.limit.truth(this.view, this.#ask) : truth;
  }

  #act(rule: CompiledRule): Step {
    const wanted = this.view.wanted.length;
    const counted = this.#counting.length;
    const effects = rule.effects.map((effect): AppliedEffect => ({ ...effect.make(this.view), by: rule.name }));
    const verdict = this.#verdictOf(rule);
    const undecided = this.view.wanted.length > wanted || this.#counting.length > counted;
    if (verdict !== undefined && !undecided) return { truth: true, effects, verdict, undecided };
    return { ...NOTHING, truth: undefined, verdict: rule.defersOnUnknown ? couldNotTell(rule.name) : null, undecided };
  }

  #verdictOf(rule: CompiledRule): Verdict | null | undefined {
    if (rule.verdict === null) return rule.disconnect ? { verdict: 'disconnect', by: rule.name } : null;
    const made = rule.verdict.make(this.view, this.#ask);
    if (made === null || made === undefined) return made;
    const verdict: Verdict = { ...made, by: rule.name };
    return verdict.verdict === 'reject' || verdict.verdict === 'defer'
      ? { ...verdict, disconnect: rule.disconnect || verdict.disconnect }
      : verdict;
  }

  /** Look-ups that were missed on the way to an answer that stands without them are not wanted. */
  #truth(test: () => Truth): { truth: Truth; missed: boolean } {
    const wanted = this.view.wanted.length;
    const truth = test();
    if (truth !== undefined) this.view.wanted.length = wanted;
    return { truth, missed: this.view.wanted.length > wanted };
  }

  /** A recipient that is refused anyway must not fill the greylist. */
  readonly #ask = (need: CountingNeed): Truth => {
    if (need.need === 'greylist' && this.#grant === null && !this.#grantUnknown) return false;
    const answer = this.#source.get(need.name);
    if (typeof answer === 'boolean') return answer;
    if (answer === undefined && !this.#open) this.#counting.push(need);
    return undefined;
  };

  #apply(effects: readonly AppliedEffect[]): void {
    if (this.#outcome !== null || effects.length === 0) return;
    this.#effects = [...this.#effects, ...effects];
    for (const effect of effects) showToLaterRules(effect, this.view);
  }

  #decide(verdict: Verdict): void {
    this.#outcome ??= { verdict, effects: this.#effects };
  }
}
