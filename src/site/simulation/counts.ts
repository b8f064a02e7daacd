import type { Need } from '../../policy/decision.ts';
import type { FactValue } from '../../policy/value.ts';

type CountingNeed = Exclude<Need, { need: 'lookup' }>;

/** What a script says of a count: `limit.<rule>` and `greylist.<rule>`, full name or id alone. `undefined`: nothing. */
export const countFor = (need: CountingNeed, given: ReadonlyMap<string, FactValue>): FactValue | undefined => {
  const id = need.name.slice(need.name.lastIndexOf('/') + 1);
  return given.get(need.name) ?? given.get(`${need.need}.${id}`);
};
