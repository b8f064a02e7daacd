import type { FactDefinition } from '../fact-definition.ts';
import { findFact, keptName } from '../facts/find.ts';
import type { FactName } from '../facts/index.ts';

/** Every session has these, at the latest when it is asked for its recipients. */
const ALWAYS_THERE: ReadonlySet<string> = new Set<FactName>([
  'client.ip',
  'client.port',
  'server.ip',
  'server.port',
  'tls.active',
  'helo.name',
  'helo.verb',
  'recipient.address',
  'time.hour',
  'time.weekday',
]);

const known = new Map<string, string>();

/** The fact from which alone this one is derived, however indirectly; the fact itself where nothing, or more than one, is asked. */
export const rootOf = (fact: string): string => {
  const name = keptName(fact);
  const found = known.get(name);
  if (found !== undefined) return found;
  const read = readBy(findFact(name), name);
  const [only] = read;
  const root = only === undefined || read.length > 1 || only === name ? name : rootOf(only);
  known.set(name, root);
  return root;
};

const readBy = (definition: FactDefinition | null, name: string): readonly string[] => {
  if (definition?.provider !== 'derived') return [];
  const asked = new Set<string>();
  const note = (fact: string): undefined => void asked.add(keptName(fact));
  definition.derive({ get: note }, name);
  return [...asked];
};

/** Whether a session may be without it. */
export const mayBeAbsent = (root: string): boolean => !ALWAYS_THERE.has(root);

/** Whether it may be that it could not be found out. */
export const mayBeUnknown = (root: string): boolean => {
  const definition = findFact(root);
  return definition === null || definition.lookUp !== undefined || (definition.provider !== 'session' && definition.provider !== 'derived');
};
