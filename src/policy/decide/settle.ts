import type { Policy } from '../compile/policy.ts';
import { View } from '../compile/view.ts';
import type { Decision, Need } from '../decision.ts';
import type { FactDefinition, Lifetime } from '../fact-definition.ts';
import { findFact } from '../facts/find.ts';
import type { Hook } from '../hook.ts';
import { type FactSource, type FactValue, Unknown } from '../value.ts';
import { type EvaluationOptions, evaluate } from './evaluate.ts';

/** Finds out what an evaluation needs: look-ups, limits, greylists. A rejection makes the fact unknown. */
export interface Finder {
  readonly find: (need: Need, definition: FactDefinition | null, facts: FactSource, signal: AbortSignal) => Promise<FactValue>;
}

/** Facts that an evaluation reads, and that keep what it finds out for as long as that stays true. */
export interface FactStore extends FactSource {
  set(lifetime: Lifetime, fact: string, value: FactValue): void;
}

export interface SettleOptions extends EvaluationOptions {
  /** Aborted when the hook's deadline passes: what is missing then is unknown. Asked for only when there is something to find out. */
  readonly signal: () => AbortSignal;
}

/**
 * Evaluates a hook and finds out what it needs, until the decision stands. Synchronous when nothing has to be
 * found out, so that plain policies cost no turn of the event loop. Answers to look-ups stay with the
 * session for the fact's lifetime; a count belongs to this one evaluation.
 */
export const settle = (
  policy: Policy,
  hook: Hook,
  facts: FactStore,
  finder: Finder,
  options: SettleOptions,
): Decision | Promise<Decision> => {
  const { decision, needs } = evaluate(policy, hook, facts, options);
  return needs.length === 0 ? decision : settleSlowly(policy, hook, facts, { finder, options, needs });
};

interface Search {
  readonly finder: Finder;
  readonly options: SettleOptions;
  readonly needs: readonly Need[];
}

const settleSlowly = async (policy: Policy, hook: Hook, facts: FactStore, search: Search): Promise<Decision> => {
  const signal = search.options.signal();
  const counts = new Map<string, FactValue>();
  const source: FactSource = { get: (fact) => counts.get(fact) ?? facts.get(fact) };
  let needs = search.needs;
  for (;;) {
    await Promise.all(needs.map((need) => answer(need, { facts, counts, source, finder: search.finder, signal })));
    const evaluation = evaluate(policy, hook, source, search.options);
    if (evaluation.needs.length === 0) return evaluation.decision;
    needs = evaluation.needs;
  }
};

interface Asking {
  readonly facts: FactStore;
  readonly counts: Map<string, FactValue>;
  readonly source: FactSource;
  readonly finder: Finder;
  readonly signal: AbortSignal;
}

const answer = async (need: Need, asking: Asking): Promise<void> => {
  const definition = need.need === 'lookup' ? findFact(need.name) : null;
  const facts = new Watched(foundSoFar(asking.source));
  const found = await inTime(asking.finder.find(need, definition, facts, asking.signal), asking.signal);
  const value = isAbort(found) ? found : (facts.unknown ?? found);
  if (definition === null || isAbort(value)) asking.counts.set(need.name, value);
  else asking.facts.set(definition.lifetime, need.name, value);
};

/** What a look-up may build on: derived facts too. Another look-up not made yet counts as not given, rather than unknown. */
const foundSoFar = (source: FactSource): FactSource => {
  const view = new View(source);
  return { get: (fact) => (source.get(fact) === undefined && findFact(fact)?.lookUp !== undefined ? undefined : view.get(fact)) };
};

/** Notices an unknown fact that is read: what is looked up with it cannot be known either. */
class Watched implements FactSource {
  readonly #facts: FactSource;
  unknown: Unknown | null = null;

  constructor(facts: FactSource) {
    this.#facts = facts;
  }

  get(fact: string): FactValue | undefined {
    const value = this.#facts.get(fact);
    if (value instanceof Unknown) this.unknown ??= value;
    return value;
  }
}

const DEADLINE = new Unknown('the deadline of the hook passed');

const isAbort = (value: FactValue): boolean => value === DEADLINE;

/** The answer, or unknown: on a rejection with its message, on the deadline at once, whatever the finder does. */
const inTime = (found: Promise<FactValue>, signal: AbortSignal): Promise<FactValue> =>
  new Promise((resolve) => {
    const expire = (): void => resolve(DEADLINE);
    if (signal.aborted) expire();
    signal.addEventListener('abort', expire, { once: true });
    void found
      .catch((error: unknown) => new Unknown(error instanceof Error ? error.message : String(error)))
      .then((value) => {
        signal.removeEventListener('abort', expire);
        resolve(value);
      });
  });
