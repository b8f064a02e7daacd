import { createLookups } from '../../lookup/lookups.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import type { FactSource, FactValue } from '../../policy/value.ts';
import type { Site } from '../load.ts';
import { sessionFinder } from '../session-finder.ts';
import { countFor } from './counts.ts';
import type { Script } from './script.ts';

/** What to do about a look-up that nobody gave: `ask` makes it, `facts` are those known so far. */
export type Elsewhere = (fact: string, ask: () => Promise<FactValue>, facts: FactSource) => Promise<FactValue>;

/** Facts that are found inside the message, without asking anybody. */
const INSIDE: ReadonlySet<string> = new Set(['body.text', 'attachment']);

/** Finds things out for a walk: what is inside the message is read, counts are as the script says, `elsewhere` decides about the rest. */
export const walkFinder =
  (site: Site, script: Script, elsewhere: Elsewhere) =>
  (message: ReceivedMessage | null): Finder => {
    const counters = { limit: () => false, greylist: () => false };
    const sources = { lookups: createLookups(site.config), counters, mimeParts: site.config.limits.mimeParts };
    const real = sessionFinder(sources, () => message);
    return {
      find: async (need, definition, facts, signal) => {
        if (need.need !== 'lookup') return countFor(need, script.given);
        const ask = () => real.find(need, definition, facts, signal);
        return INSIDE.has(need.name) ? ask() : elsewhere(need.name, ask, facts);
      },
    };
  };
