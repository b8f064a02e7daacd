import type { EditedHeader } from '../../message/edits.ts';
import type { SessionFacts } from '../../policy/decide/session.ts';
import { ENDING_HOOKS, type Hook } from '../../policy/hook.ts';
import type { DryRun, HookResult, Regrant } from '../../transaction/dry-run.ts';
import type { Refusal } from '../../transaction/outcome.ts';
import type { SimulatedHook } from './simulation.ts';

/** Writes down what a session comes to. */
export class Recorder implements Pick<DryRun, 'step' | 'regrant'> {
  readonly steps: SimulatedHook[] = [];
  readonly added: string[] = [];
  readonly removed: string[] = [];
  results: ReturnType<SessionFacts['results']>;
  readonly #facts: () => SessionFacts;
  #regrants: Regrant[] = [];

  constructor(facts: () => SessionFacts, results: ReturnType<SessionFacts['results']>) {
    this.#facts = facts;
    this.results = results;
  }

  readonly step = (step: HookResult): void => {
    this.steps.push({ ...step, regrants: this.#regrants });
    this.#regrants = [];
    if (!ENDING_HOOKS.includes(step.hook)) this.results = this.#facts().results();
  };

  readonly regrant = (regrant: Regrant): void => void this.#regrants.push(regrant);

  /** A hook of delivery, which has facts of its own. */
  delivered(step: HookResult, facts: SessionFacts): void {
    this.steps.push({ ...step, regrants: [] });
    this.results = facts.results();
  }

  edited({ added, removed }: EditedHeader): void {
    this.added.push(...added);
    this.removed.push(...removed);
  }

  /** True of a refusal that a step has told. */
  tells(refusal: Refusal): boolean {
    return this.steps.some(({ outcome }) => outcome === refusal);
  }

  /** Refused before any rule was asked: by a limit, the listener or the syntax. */
  refused(hook: Hook, recipient: string | null, outcome: Refusal): void {
    const { reply, disconnect, by } = outcome;
    const verdict = reply.code >= 500 ? 'reject' : 'defer';
    this.step({ hook, recipient, decision: { hook, verdict, by, ...reply, disconnect, effects: [], shadowed: [], trace: [] }, outcome });
  }
}
