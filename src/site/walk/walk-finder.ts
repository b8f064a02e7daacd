import { createFinder } from '../../lookup/finder.ts';
import { createLookups } from '../../lookup/lookups.ts';
import { messageContents } from '../../message/contents.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import type { MessageContents } from '../../policy/services.ts';
import type { FactValue } from '../../policy/value.ts';
import type { Site } from '../load.ts';
import { countFor } from './counts.ts';
import type { Script } from './script.ts';

/** What to do about a look-up that nobody gave: `ask` makes it. */
export type Elsewhere = (fact: string, ask: () => Promise<FactValue>) => Promise<FactValue>;

const NO_CONTENT: MessageContents = { text: async () => null, attachments: async () => [] };

/** Facts that are found inside the message, without asking anybody. */
const INSIDE: ReadonlySet<string> = new Set(['body.text', 'attachment']);

/** Finds things out for a walk: what is inside the message is read, counts are as the script says, `elsewhere` decides about the rest. */
export const walkFinder =
  (site: Site, script: Script, elsewhere: Elsewhere) =>
  (message: ReceivedMessage | null): Finder => {
    const lookups = createLookups(site.config);
    const content = message ? messageContents(message, { parts: site.config.limits.mimeParts }) : NO_CONTENT;
    const services = () => lookups.forTransaction({ message: () => message?.open() ?? null, content });
    const real = createFinder({ services, counters: { limit: () => false, greylist: () => false } });
    return {
      find: async (need, definition, facts, signal) => {
        if (need.need !== 'lookup') return countFor(need, script.given);
        const ask = () => real.find(need, definition, facts, signal);
        return INSIDE.has(need.name) ? ask() : elsewhere(need.name, ask);
      },
    };
  };
