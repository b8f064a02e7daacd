import type { Finder } from '../policy/decide/settle.ts';
import type { Need } from '../policy/decision.ts';
import type { FactDefinition } from '../policy/fact-definition.ts';
import type { Services } from '../policy/services.ts';
import { type FactSource, type FactValue, Unknown } from '../policy/value.ts';
import { reasonOf } from './failure.ts';

type LimitNeed = Extract<Need, { need: 'limit' }>;
type GreylistNeed = Extract<Need, { need: 'greylist' }>;

/** What policy can ask about earlier sessions. */
export interface Counters {
  /** True when the key has used up its share; otherwise `cost` is taken from it. `facts`: of the session that asks. */
  readonly limit: (need: Omit<LimitNeed, 'need'>, facts: FactSource) => boolean | Promise<boolean>;
  /** True while the key must still wait. */
  readonly greylist: (need: Omit<GreylistNeed, 'need'>, facts: FactSource) => boolean | Promise<boolean>;
}

export interface FinderParts {
  /** Of the running transaction; asked for only when there is a look-up to make. */
  readonly services: () => Services;
  readonly counters: Counters;
}

interface Search {
  readonly definition: FactDefinition | null;
  readonly facts: FactSource;
  readonly signal: AbortSignal;
}

/**
 * Looks up what an evaluation needs. What cannot be found out is `Unknown` with the reason, whose first words
 * tell the kind (`time-out: A example.com`, `server failure: …`); it never rejects.
 */
export const createFinder = ({ services, counters }: FinderParts): Finder => ({
  find: async (need, definition, facts, signal) => {
    try {
      if (need.need === 'limit') return await counters.limit(need, facts);
      if (need.need === 'greylist') return await counters.greylist(need, facts);
      return await lookUp(need.name, services, { definition, facts, signal });
    } catch (error) {
      return new Unknown(reasonOf(error));
    }
  },
});

const lookUp = async (name: string, services: () => Services, { definition, facts, signal }: Search): Promise<FactValue> =>
  definition?.lookUp?.({ name, facts, services: services(), signal }) ?? new Unknown(`there is no look-up for ${name}`);
