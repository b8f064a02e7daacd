import { createLookups } from '../../lookup/lookups.ts';
import { sessionFinder } from '../../lookup/session-finder.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import type { Need } from '../../policy/decision.ts';
import type { FactSource, FactValue } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import { countFor } from './counts.ts';
import { type Script, unknownMessage } from './script.ts';

/** What to do about a look-up that nobody gave: `ask` makes it, `facts` are those known so far. */
export type Elsewhere = (fact: string, ask: () => Promise<FactValue>, facts: FactSource) => Promise<FactValue>;

export interface Finding {
  readonly elsewhere: Elsewhere;
  /** Hears of everything that the script does not give and rules asked for. */
  readonly notGiven?: (need: Need) => void;
}

/** Finds things out for a simulation: what the script gives is found, what is inside the message is read, `elsewhere` decides about the rest. */
export const simulationFinder =
  (site: Site, script: Script, { elsewhere, notGiven }: Finding) =>
  (message: () => ReceivedMessage | null): Finder => {
    const counters = { limit: () => false, greylist: () => false };
    const sources = { lookups: createLookups(site.config.services), counters, mimeParts: site.config.limits.mimeParts };
    const real = sessionFinder(sources, message);
    return {
      find: async (need, definition, found, signal) => {
        const facts: FactSource = { get: (fact) => found.get(fact) ?? script.given.get(fact) };
        const given = need.need === 'lookup' ? script.given.get(need.name) : countFor(need, script.given);
        if (given !== undefined) return given;
        if (need.need !== 'lookup') {
          notGiven?.(need);
          return false;
        }
        const ask = () => real.find(need, definition, facts, signal);
        if (definition?.provider === 'message') return script.message === null ? unknownMessage(script) : ask();
        notGiven?.(need);
        return elsewhere(need.name, ask, facts);
      },
    };
  };
