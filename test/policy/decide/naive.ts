import { asArray, isArray, isObject, type Json, type JsonObject } from '../../../src/policy/json.ts';
import { and, not, or, type Truth } from '../../../src/policy/truth.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';

/*
 * A second reading of the language page, for tests only: slow, by the letter, over plain values. It knows the
 * operators that random policies use and no more, no index, no laziness, no normalisation.
 */

type Facts = Record<string, FactValue>;

export interface NaiveOutcome {
  readonly verdict: string;
  readonly by: string;
  readonly effects: readonly JsonObject[];
}

const all = (truths: readonly Truth[]): Truth => truths.reduce<Truth>(and, true);
const any = (truths: readonly Truth[]): Truth => truths.reduce<Truth>(or, false);

export const holds = (condition: Json, facts: Facts): Truth => {
  if (!isObject(condition)) throw new TypeError('a condition is a mapping');
  return all(
    Object.entries(condition).map(([key, value]) => {
      if (key === 'all') return all(asArray(value).map((part) => holds(part, facts)));
      if (key === 'any') return any(asArray(value).map((part) => holds(part, facts)));
      if (key === 'none') return not(any(asArray(value).map((part) => holds(part, facts))));
      return key === 'not' ? not(holds(value, facts)) : tested(facts[key] ?? null, value);
    }),
  );
};

const tested = (fact: FactValue, written: Json): Truth => {
  if (fact instanceof Unknown) return undefined;
  if (!isObject(written)) return fact !== null && asArray(written).some((value) => value === fact);
  return Object.entries(written).every(([operator, operand]) => {
    if (operator === 'exists') return (fact !== null) === operand;
    if (fact === null) return false;
    const listed = (isArray(operand) ? operand : [operand]).some((value) => value === fact);
    return operator === 'eq' || operator === 'in' ? listed : !listed;
  });
};

const holdsRule = (rule: JsonObject, facts: Facts): Truth =>
  and(rule.when === undefined ? true : holds(rule.when, facts), not(any(asArray(rule.unless ?? []).map((part) => holds(part, facts)))));

interface Walk {
  readonly facts: Facts;
  readonly effects: JsonObject[];
  readonly skipped: Set<Json>;
  readonly perhapsSkipped: Set<Json>;
  /** The undecided rule that may have ended the hook without refusing for good. */
  spared: string | null;
  outcome: { readonly verdict: string; readonly by: string } | null;
}

const act = (name: string, argument: Json, by: string, walk: Walk): void => {
  const isFinal = name === 'reject' || name === 'disconnect';
  if (isFinal && walk.spared !== null) walk.outcome = { verdict: 'defer', by: walk.spared };
  else if (isFinal || name === 'accept' || name === 'defer') walk.outcome = { verdict: name, by };
  else walk.effects.push({ [name]: argument, by });
  if (name === 'set' && isObject(argument) && typeof argument.x === 'string') walk.facts['result.x'] = argument.x;
  if (name === 'skip') for (const group of asArray(argument)) walk.skipped.add(group);
};

/** What an undecided rule would have done is unknown from here on. */
const perhapsAct = (name: string, argument: Json, by: string, walk: Walk): void => {
  if (name === 'accept' || name === 'defer') walk.spared ??= by;
  if (name === 'set' && isObject(argument) && argument.x !== walk.facts['result.x']) walk.facts['result.x'] = new Unknown('perhaps set');
  if (name === 'skip') for (const group of asArray(argument)) walk.perhapsSkipped.add(group);
};

const apply = (rule: JsonObject, walk: Walk): void => {
  const group = rule.group ?? null;
  if (walk.outcome !== null || walk.skipped.has(group)) return;
  const truth = and(holdsRule(rule, walk.facts), walk.perhapsSkipped.has(group) ? undefined : true);
  const by = `p/${String(rule.id)}`;
  if (truth === undefined && rule.on_unknown === 'defer') walk.outcome = { verdict: 'defer', by };
  if (truth === false || walk.outcome !== null) return;
  const actions = asArray(rule.then ?? [])
    .filter(isObject)
    .flatMap((action) => Object.entries(action));
  for (const [name, argument] of actions) (truth === true ? act : perhapsAct)(name, argument, by, walk);
};

/** What `rcpt` decides under `policy`, with every fact stated, `p` being the stem of its file. */
export const naiveRcpt = (policy: JsonObject, given: Readonly<Facts>): NaiveOutcome => {
  const walk: Walk = { facts: { ...given }, effects: [], skipped: new Set(), perhapsSkipped: new Set(), spared: null, outcome: null };
  const grants = asArray(policy.grants ?? []).filter(isObject);
  const truths = grants.map(({ when }) => holds(when ?? {}, walk.facts));
  const grant = grants[truths.indexOf(true)];
  for (const rule of asArray(policy.rules ?? []).filter(isObject)) apply(rule, walk);
  const { outcome, effects } = walk;
  if (outcome !== null && outcome.verdict !== 'accept') return { ...outcome, effects };
  if (grant !== undefined) return { verdict: 'accept', by: outcome?.by ?? `p/${String(grant.id)}`, effects };
  return { verdict: truths.includes(undefined) ? 'defer' : 'reject', by: 'grants', effects };
};
