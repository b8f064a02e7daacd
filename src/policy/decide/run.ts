import type { Plan } from '../compile/plan.ts';
import type { CompiledGrant, CompiledRule } from '../compile/rule.ts';
import { View } from '../compile/view.ts';
import type { AppliedEffect, Change, Need, RuleTrace, Verdict } from '../decision.ts';
import type { Unmade } from '../definition.ts';
import type { Truth } from '../truth.ts';
import { OneOf, UncertainSet } from '../uncertain.ts';
import type { FactSource } from '../value.ts';
import { isSkipped, showToLaterRules } from './changes.ts';
import { Doubts } from './doubts.ts';
import { couldNotTell, GRANT_UNKNOWN } from './replies.ts';
import { RoutedRecipient } from './routed-recipient.ts';
import { Tracer } from './tracer.ts';

type CountingNeed = Exclude<Need, { need: 'lookup' }>;

/** A verdict, with the effects that came before it. */
interface HookVerdict {
  readonly verdict: Verdict;
  readonly effects: readonly AppliedEffect[];
}

/** The result of a rule; `undecided` while a look-up it needs is outstanding. */
type RuleResult = {
  readonly truth: Truth;
  readonly effects: readonly AppliedEffect[];
  readonly verdict: Verdict | null;
  readonly undecided: boolean;
  /** An effect that could not be made for an unknown address. */
  readonly unmade: Unmade | null;
};

const NO_NEEDS: readonly Need[] = [];

const NO_EFFECTS: readonly AppliedEffect[] = Object.freeze<AppliedEffect[]>([]);

const NO_NAMES: readonly string[] = Object.freeze<string[]>([]);

const NONE: Verdict = Object.freeze({ verdict: 'none' });

const NOT_HELD: RuleResult = { truth: false, effects: NO_EFFECTS, verdict: null, undecided: false, unmade: null };

/** A run that has ended, for the next evaluation to use: what one needs besides its result is not allocated again for each. */
let idle: Run | null = null;

/**
 * One pass over the rules of a hook. A rule that misses a look-up is taken for unknown, and the pass goes
 * on behind it, only to note what else is missing: those look-ups are then made side by side and the hook
 * is evaluated again. What counts (limits, greylist) is asked only while nothing before it is open.
 */
export class Run {
  readonly view = new View();
  #source: FactSource;
  #shadowed: readonly string[] = NO_NAMES;
  readonly #counting: CountingNeed[] = [];
  readonly #tracer: Tracer;
  readonly #doubts: Doubts;
  #effects: readonly AppliedEffect[] = NO_EFFECTS;
  #outcome: HookVerdict | null = null;
  #open = false;
  #grant: string | null = null;
  /** Grants that could not be decided, of those before the one that holds. */
  #unknownGrants: readonly string[] = NO_NAMES;
  /** Why a rule ended the hook that could not be decided: those behind it may have run. */
  #endedWhy: string | null = null;

  private constructor(source: FactSource, tracing: boolean) {
    this.#source = source;
    this.view.begin(source);
    this.#tracer = new Tracer(this.view, tracing);
    this.#doubts = new Doubts(this.view);
  }

  /** With a view of its own, by which a watch tells evaluations apart. */
  static alone(source: FactSource, tracing: boolean): Run {
    return new Run(source, tracing);
  }

  /** `end` has to be called when its result has been read. */
  static begin(source: FactSource): Run {
    if (idle === null) return new Run(source, false);
    const run = idle;
    idle = null;
    run.#source = source;
    run.view.begin(source);
    return run;
  }

  /** Forgets the session. Nothing may be asked of the run from then on. */
  end(): void {
    if (this.#tracer.on) return;
    this.view.end();
    this.#doubts.clear();
    this.#source = this.view;
    this.#counting.length = 0;
    this.#shadowed = NO_NAMES;
    this.#effects = NO_EFFECTS;
    this.#outcome = null;
    this.#open = false;
    this.#grant = null;
    this.#unknownGrants = NO_NAMES;
    this.#endedWhy = null;
    idle = this;
  }

  /** Full names of rules that held in shadow mode and would have decided. */
  get shadowed(): readonly string[] {
    return this.#shadowed;
  }

  get grant(): string | null {
    return this.#grant;
  }

  get grantUnknown(): boolean {
    return this.#unknownGrants.length > 0;
  }

  /**
   * What later hooks take over; `null` where the effects say it all. A hook that refuses does nothing to the message:
   * where it refuses since something is unknown, what it would have done is unknown, too.
   */
  changes(verdict: Verdict): readonly Change[] | null {
    const why = verdict === GRANT_UNKNOWN ? 'a grant could not be decided' : this.#endedWhy;
    if (why !== null) this.#doubts.unapplied(this.effects, why);
    return this.#doubts.changes;
  }

  get trace(): readonly RuleTrace[] {
    return this.#tracer.entries;
  }

  get verdict(): Verdict {
    return this.#outcome?.verdict ?? NONE;
  }

  /** Of all rules up to the verdict. */
  get effects(): readonly AppliedEffect[] {
    return this.#outcome?.effects ?? this.#effects;
  }

  get needs(): readonly Need[] {
    if (this.view.wanted.length + this.#counting.length === 0) return NO_NEEDS;
    return [...this.view.wanted.map((name): Need => ({ need: 'lookup', name })), ...this.#counting];
  }

  /** The first grant that holds; it becomes the fact `grant`. */
  grants(plan: Plan): void {
    const routed = RoutedRecipient.of(this.#source, this.view.get('recipient.address'));
    for (const grant of this.#tracer.on ? plan.grants : plan.index.grants(this.view)) {
      if (this.#grant === null) this.#tryGrant(grant, routed);
      else if (this.#tracer.on) this.#tracer.notReached(grant, 'grant', this.#grant);
      else break;
    }
    if (this.#unknownGrants.length === 0) this.view.state('grant', this.#grant);
    else this.#doubtGrant(this.#unknownGrants);
  }

  #tryGrant(grant: CompiledGrant, routed: RoutedRecipient | null): void {
    const wanted = this.view.wanted.length;
    const truth = this.#admits(grant, routed);
    const missed = this.#missed(truth, wanted);
    this.#tracer.grant(grant, truth);
    if (truth === true) this.#grant = grant.name;
    else if (truth === undefined) this.#unknownGrants = [...this.#unknownGrants, grant.name];
    this.#open ||= missed;
  }

  #admits(grant: CompiledGrant, routed: RoutedRecipient | null): Truth {
    const truth = grant.when.truth(this.view);
    if (truth !== true || routed === null) return truth;
    return routed.isMeantBy(grant, (lookUp) => this.view.wanted.includes(lookUp) || this.view.wanted.push(lookUp));
  }

  /** Any of the undecided ones may be the first that holds, so which one lets the recipient in is not known. */
  #doubtGrant(unknown: readonly string[]): void {
    const reason = `grant ${unknown[0] ?? ''} could not be decided`;
    const options = this.#grant === null ? [null, ...unknown.map((name) => [name])] : [this.#grant, ...unknown].map((name) => [name]);
    this.view.state('grant', new OneOf(options, reason));
    if (this.#grant === null) return;
    const possible = new Map([this.#grant, ...unknown].map((name) => [name, reason] as const));
    this.#doubts.unsettle({
      effect: 'unsettle',
      facts: ['grant'],
      value: new UncertainSet([], possible, null),
      by: this.#grant,
      doubt: reason,
    });
  }

  rules(plan: Plan): void {
    let ended: string | null = null;
    for (const rule of this.#tracer.on ? plan.rules : plan.index.rules(this.view)) {
      if (ended !== null && !this.#tracer.on && this.#endedWhy === null) break;
      if (ended !== null) this.#notReached(rule, ended);
      else if (this.#skipped(rule) === true) this.#tracer.skipped(rule);
      else if (this.#rule(rule)) ended = rule.name;
    }
  }

  #notReached(rule: CompiledRule, ended: string): void {
    this.#tracer.notReached(rule, 'rule', ended);
    if (this.#endedWhy !== null) this.#mayHaveRun(rule, this.#endedWhy);
  }

  /** At `get_mx`, when no rule has decided: the first route that holds. An unknown one holds mail back rather than sending it astray. */
  route(plan: Plan): Plan['routes'][number]['route'] | null {
    for (const candidate of this.#tracer.on ? plan.routes : plan.index.routes(this.view)) {
      const { name, route } = candidate;
      const wanted = this.view.wanted.length;
      const truth = candidate.when.truth(this.view);
      this.#open ||= this.#missed(truth, wanted);
      this.#tracer.reached(candidate, 'route', truth);
      if (truth === undefined) this.#decide(couldNotTell(name));
      if (truth !== false) return truth === true ? route : null;
    }
    return null;
  }

  /** True when a verdict stands that nothing still open can change. */
  #rule(rule: CompiledRule): boolean {
    const step = this.#evaluate(rule);
    this.#tracer.rule(rule, step.truth);
    if (step === NOT_HELD) return false;
    if (step.truth === true && rule.shadow) this.#shadowed = [...this.#shadowed, rule.name];
    this.#apply(step.effects);
    if (step.truth === undefined || step.unmade !== null) this.#note(rule, step);
    if (step.verdict !== null) this.#decide(step.verdict);
    if (step.undecided) this.#open = true;
    return step.verdict !== null && !step.undecided;
  }

  #evaluate(rule: CompiledRule): RuleResult {
    const counted = this.#counting.length;
    const wanted = this.view.wanted.length;
    const truth = this.#holds(rule);
    const missed = this.#missed(truth, wanted);
    if (truth === true && !rule.shadow) return this.#act(rule);
    const undecided = missed || this.#counting.length > counted;
    if (truth === false && !undecided) return NOT_HELD;
    const defers = truth === undefined && rule.defersOnUnknown && !rule.shadow;
    return { truth, effects: NO_EFFECTS, verdict: defers ? couldNotTell(rule.name) : null, undecided, unmade: null };
  }

  #holds(rule: CompiledRule): Truth {
    const truth = rule.when.truth(this.view);
    if (truth === true && this.#skipped(rule) === undefined) return undefined;
    return truth === true && rule.limit !== null ? rule.limit.truth(this.view, this.#ask) : truth;
  }

  #act(rule: CompiledRule): RuleResult {
    const wanted = this.view.wanted.length;
    const counted = this.#counting.length;
    const effects: AppliedEffect[] = [];
    let unmade: Unmade | null = null;
    for (const effect of rule.effects) {
      const made = effect.make(this.view);
      if (made.effect === 'unmade') unmade = made;
      else effects.push({ ...made, by: rule.name });
    }
    const verdict = unmade === null ? this.#verdictOf(rule) : couldNotTell(rule.name);
    const undecided = this.view.wanted.length > wanted || this.#counting.length > counted;
    if (verdict !== undefined && !undecided) return { truth: true, effects, verdict, undecided, unmade };
    return {
      truth: undefined,
      effects: NO_EFFECTS,
      verdict: rule.defersOnUnknown ? couldNotTell(rule.name) : null,
      undecided,
      unmade: null,
    };
  }

  #verdictOf(rule: CompiledRule): Verdict | null | undefined {
    if (rule.verdict === null) return rule.disconnect ? { verdict: 'disconnect', by: rule.name } : null;
    const made = rule.verdict.make(this.view, this.#ask);
    if (made === null || made === undefined) return made;
    if (made.verdict !== 'reject' && made.verdict !== 'defer') return { ...made, by: rule.name };
    const { verdict, code, enhanced, text } = made;
    return { verdict, code, enhanced, text, disconnect: rule.disconnect || made.disconnect, by: rule.name };
  }

  /** Look-ups that were missed on the way to an answer that stands without them are not wanted. `before`: how many were wanted. */
  #missed(truth: Truth, before: number): boolean {
    const { wanted } = this.view;
    if (truth !== undefined && wanted.length > before) wanted.length = before;
    return wanted.length > before;
  }

  /** A recipient that is refused anyway must not fill the greylist. */
  readonly #ask = (need: CountingNeed): Truth => {
    if (need.need === 'greylist' && this.#grant === null && !this.grantUnknown) return false;
    const answer = this.#source.get(need.name);
    if (typeof answer === 'boolean') return answer;
    if (answer === undefined && !this.#open) this.#counting.push(need);
    return undefined;
  };

  #apply(effects: readonly AppliedEffect[]): void {
    if (this.#outcome !== null || effects.length === 0) return;
    const before = this.#effects;
    this.#effects = [...before, ...effects];
    this.#doubts.happened(this.#effects, before.length);
    for (const effect of effects) showToLaterRules(effect, this.view);
  }

  #decide(verdict: Verdict): void {
    if (this.#outcome !== null) return;
    const spared = this.#doubts.against(verdict);
    this.#outcome = { verdict: spared === null ? verdict : couldNotTell(spared), effects: this.#effects };
    if (spared !== null) this.#endedWhy ??= `rule ${spared} could not be decided`;
  }

  /** What a rule leaves unknown, that could not be decided or could not do all it should. */
  #note(rule: CompiledRule, { truth, unmade, verdict, undecided }: RuleResult): void {
    if (undecided || rule.shadow || this.#outcome !== null) return;
    const why = `rule ${rule.name} could not be decided: ${unmade?.reason ?? this.#tracer.reasons(rule, truth)[0] ?? 'a check is unknown'}`;
    if (unmade === null) this.#doubts.possible(rule, why, this.#effects);
    else this.#doubts.unmade(unmade, rule.name, this.#effects);
    if (verdict !== null) this.#endedWhy = why;
  }

  /** A rule behind one that ended the hook because it could not be decided. */
  #mayHaveRun(rule: CompiledRule, why: string): void {
    const wanted = this.view.wanted.length;
    const truth = rule.shadow || this.#skipped(rule) === true ? false : rule.when.truth(this.view);
    this.view.wanted.length = wanted;
    if (truth !== false) this.#doubts.possible(rule, why, this.#effects);
  }

  #skipped(rule: CompiledRule): Truth {
    return rule.group === null ? false : isSkipped(rule.group, this.view.get('skip'));
  }
}
