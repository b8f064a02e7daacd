import type { Need } from '../../policy/decision.ts';
import type { FactValue } from '../../policy/value.ts';

type CountingNeed = Exclude<Need, { need: 'lookup' }>;

/**
 * The answer of a relay on which nothing has been counted yet, and where every greylisted key has waited:
 * so that a walk meets the other rules. `limit.<rule>` and `greylist.<rule>`, full name or id alone, say otherwise.
 */
export const countFor = (need: CountingNeed, given: ReadonlyMap<string, FactValue>): FactValue => {
  const id = need.name.slice(need.name.lastIndexOf('/') + 1);
  return given.get(need.name) ?? given.get(`${need.need}.${id}`) ?? false;
};
