import type { RulePart } from '../../../policy/compile/watch.ts';
import { DELIVERY_HOOKS, type Hook } from '../../../policy/hook.ts';
import { type Truth, truthName } from '../../../policy/truth.ts';
import { Unknown } from '../../../policy/value.ts';
import type { Site } from '../../loading/load.ts';
import type { Coverage, CoveredPart, CoveredRule } from '../coverage.ts';
import { CoverageWatch, watchedSite } from '../coverage-watch.ts';
import { play } from '../play.ts';
import type { TestReport } from '../result.ts';
import { faredIn } from '../run-test.ts';
import { scriptFor } from '../test-script.ts';
import { expectationFor, type WrittenTest, writtenValue } from '../written-test.ts';
import { type Base, basesFor } from './bases.ts';
import { type Requirements, waysToGuard, waysToPartOf } from './requirements.ts';
import { type Assignment, solve } from './solve.ts';

/*
 * Sessions that show what no test has seen. What the condition asks for is guessed and laid over a session of a test that
 * comes near; only a session in which the relay's own evaluation comes out as wanted is shown, made as small as it can be.
 */

/** A test that covers something, for the policy in which it stands. */
export interface Witness {
  /** Path of the policy. */
  readonly policy: string;
  readonly test: WrittenTest;
}

export interface Witnesses {
  readonly found: readonly Witness[];
  /** What no session was found for, one phrase each. */
  readonly notFound: readonly string[];
}

interface Target {
  readonly rule: CoveredRule;
  /** `null`: the rule as a whole. */
  readonly part: CoveredPart | null;
  readonly truth: Truth;
}

/** Sessions tried for one outcome. */
const MOST_TRIES = 60;

const targetsOf = ({ rules }: Coverage): readonly Target[] =>
  rules.flatMap((rule) => [
    ...rule.missing.map((truth): Target => ({ rule, part: null, truth })),
    ...rule.parts.flatMap((part) => part.missing.map((truth): Target => ({ rule, part, truth }))),
  ]);

const isLimit = (part: CoveredPart | null): boolean => part !== null && 'max' in part.part;

const waysFor = ({ rule: { guarded, parts }, part, truth }: Target): readonly Requirements[] => {
  if (part === null) return [...(truth === false && parts.some(isLimit) ? [[]] : []), ...waysToGuard(guarded, truth === true)];
  if (isLimit(part)) return [[], ...waysToGuard(guarded, true)];
  const whole = waysToPartOf(guarded, part.part, truth);
  // The session of a test may have the rest right already.
  const alone = (whole[0] ?? []).filter(({ operator }) => operator === part.part);
  return [alone, ...whole];
};

/** What a rule with a limit or a greylist counts, beside its condition. */
const counted = ({ rule, part, truth }: Target): Assignment => {
  const isWanted = isLimit(part) || (part === null && rule.parts.some(isLimit));
  return new Map(isWanted ? [[`limit.${rule.guarded.named.id}`, truth === undefined ? new Unknown('given as unknown') : truth]] : []);
};

/** Beyond `get_mx` a hook runs only where a test asks for it. */
const hookOf = ({ rule }: Target): Hook | null => (DELIVERY_HOOKS.includes(rule.hook) && rule.hook !== 'get_mx' ? rule.hook : null);

const nameOf = ({ rule, part, truth }: Target): string => {
  const { id } = rule.guarded.named;
  if (part === null) return `${id} ${truth === true ? 'holds' : 'does not hold'}`;
  return `${id}, ${part.text} is ${truthName(truth)}`;
};

class Search {
  readonly #site: Site;
  readonly #watched: Site;
  /** What the session under way has shown, and what the witnesses have. */
  #seen = new Map<RulePart, Set<Truth>>();
  readonly #shown: ReadonlyMap<RulePart, ReadonlySet<Truth>>[] = [];

  constructor(site: Site) {
    this.#site = site;
    const watch = new CoverageWatch();
    this.#watched = watchedSite(site, watch);
    watch.onCounted = (part, truth) => {
      this.#seen.set(part, new Set([...(this.#seen.get(part) ?? []), truth]));
    };
  }

  async witness(target: Target, bases: readonly Base[]): Promise<Witness | null> {
    let left = MOST_TRIES;
    for (const way of waysFor(target)) {
      const solved = solve(way, this.#site);
      if (solved === null) continue;
      for (const base of bases) {
        if (left-- === 0) return null;
        const tried: Base = { ...base, given: new Map([...base.given, ...solved, ...counted(target)]) };
        if (await this.#shows(tried, target)) return this.#written(await this.#smallest(tried, target), target);
      }
    }
    return null;
  }

  async #shows({ given, message }: Base, target: Target): Promise<boolean> {
    this.#seen = new Map();
    const simulated = await play({ script: scriptFor(given, message?.bytes ?? null), at: hookOf(target) }, this.#watched);
    if (target.part !== null) return this.#seen.get(target.part.part)?.has(target.truth) === true;
    return faredIn(simulated).some(({ id, result }) => id === target.rule.name && result === truthName(target.truth));
  }

  /** Without what it does not take. */
  async #smallest(base: Base, target: Target): Promise<Base> {
    let small: Base = { ...base, message: null };
    if (base.message !== null && !(await this.#shows(small, target))) small = base;
    for (const fact of [...small.given.keys()].reverse()) {
      const less = { ...small, given: new Map([...small.given].filter(([name]) => name !== fact)) };
      if (await this.#shows(less, target)) small = less;
    }
    return small;
  }

  async #written({ given, message }: Base, target: Target): Promise<Witness> {
    const at = hookOf(target);
    this.#seen = new Map();
    const simulated = await play({ script: scriptFor(given, message?.bytes ?? null), at }, this.#watched);
    this.#shown.push(this.#seen);
    const test: WrittenTest = {
      name: nameOf(target),
      given: Object.fromEntries([...given].map(([fact, value]) => [fact, writtenValue(value)])),
      ...(message === null ? {} : { message: message.file }),
      expect: expectationFor(simulated, at),
    };
    return { policy: target.rule.file.path, test };
  }

  /** Whether an earlier witness has shown it already. */
  isShown({ part, truth }: Target): boolean {
    return part !== null && this.#shown.some((seen) => seen.get(part.part)?.has(truth) === true);
  }
}

/** Looks for a session for everything that no test has seen. */
export const witnessesFor = async (site: Site, coverage: Coverage, report: TestReport): Promise<Witnesses> => {
  const search = new Search(site);
  const found: Witness[] = [];
  const notFound: string[] = [];
  for (const target of targetsOf(coverage)) {
    if (search.isShown(target)) continue;
    const witness = await search.witness(target, basesFor(target.rule, site, report));
    if (witness === null) notFound.push(nameOf(target));
    else found.push(witness);
  }
  return { found, notFound };
};
