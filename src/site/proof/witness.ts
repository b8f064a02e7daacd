import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import { findFact } from '../../policy/facts/find.ts';
import type { FactValue } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import type { Script } from '../simulation/script.ts';
import { simulate } from '../simulation/simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { type Elsewhere, simulationFinder } from '../simulation/simulation-finder.ts';
import { plainMessage } from '../testing/plain-message.ts';

/** A Monday noon, as in tests: a session that is shown as a test has to come out the same there. */
const PINNED = new Date(2026, 0, 5, 12).getTime();

/** Milliseconds that one hook may take. */
const DEADLINE = 10_000;

/** Facts of a session, by full name. */
export type Session = ReadonlyMap<string, FactValue>;

/** What an outsider says who has nothing particular to say. */
const PLAIN: Session = new Map<string, FactValue>([
  ['client.ip', '203.0.113.9'],
  ['helo.name', 'mx.example.net'],
  ['sender.address', 'a@example.net'],
  ['recipient.address', 'c@example.org'],
]);

export const plainSession = (facts: Session): Session => new Map([...PLAIN, ...facts]);

const scriptOf = (session: Session): Script => {
  const recipient = session.get('recipient.address');
  const recipients = [typeof recipient === 'string' ? recipient : null];
  return { given: session, recipients, message: plainMessage({ sender: session.get('sender.address'), recipients }), now: PINNED };
};

/** A look-up that the session does not say found what is normal. */
const assumed: Elsewhere = async (fact, _ask, facts) => findFact(fact)?.assumed?.value(facts, fact) ?? null;

/** Takes a session through the hooks, as a test does. */
export const replay = (site: Site, session: Session): Promise<Simulation> => {
  const script = scriptOf(session);
  const finder: (message: () => ReceivedMessage | null) => Finder = simulationFinder(site, script, { elsewhere: assumed });
  return simulate(script, { site, finder, deadline: DEADLINE });
};

type Happened = (simulation: Simulation) => boolean;

/** What a session that says nothing of it is without. */
const isUsual = (fact: string, value: FactValue): boolean =>
  value === null && fact !== 'sender.address' && findFact(fact)?.provider === 'session';

/** The same with as few facts as show what happened; what those in `kept` say stays so. */
export const shortened = async (site: Site, session: Session, happened: Happened, kept: ReadonlySet<string>): Promise<Session> => {
  let left = new Map(session);
  for (const fact of session.keys()) {
    if ((kept.has(fact) && !isUsual(fact, session.get(fact) ?? null)) || PLAIN.has(fact)) continue;
    const without = new Map(left);
    without.delete(fact);
    if (happened(await replay(site, without))) left = without;
  }
  return left;
};
