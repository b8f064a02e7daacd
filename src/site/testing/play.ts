import type { Need } from '../../policy/decision.ts';
import { findFact } from '../../policy/facts/find.ts';
import { DELIVERY_HOOKS, ENDING_HOOKS, type Hook } from '../../policy/hook.ts';
import { type FactValue, Unknown } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import type { Script } from '../simulation/script.ts';
import { type SimulationOptions, simulate } from '../simulation/simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { type Elsewhere, simulationFinder } from '../simulation/simulation-finder.ts';

/** A session of a test, and the hook that the test is about. */
export interface Play {
  readonly script: Script;
  readonly at: Hook | null;
}

/** What a session is played with beside its script. */
export interface PlayOptions {
  /** The answer to a look-up or a count, in the place of what the script gives; `undefined`: as the script says. */
  readonly answer?: (need: Need) => FactValue | undefined;
  /** Hears of everything that had to be found out and was. */
  readonly asked?: (name: string) => void;
}

/** Longest a hook of a test may take; only a message that is hard to parse comes near. */
const DEADLINE = 10_000;

/** Where to begin and what to run beyond delivery: a message whose grant is given is in the queue already. */
const course = ({ at, script: { given } }: Play): { from: 'connect_init' | 'get_mx'; also: readonly Hook[] } => {
  const later = at !== null && [...DELIVERY_HOOKS, ...ENDING_HOOKS].includes(at);
  const queued = later && given.has('grant') && !ENDING_HOOKS.includes(at);
  return { from: queued ? 'get_mx' : 'connect_init', also: later && at !== 'get_mx' ? [at] : [] };
};

/** A look-up that the test does not give found what is normal. */
const assumed: Elsewhere = async (fact, _ask, facts) => findFact(fact)?.assumed?.value(facts, fact) ?? null;

const finderOf = (
  script: Script,
  site: Site,
  { answer = () => undefined, asked = () => undefined }: PlayOptions,
): SimulationOptions['finder'] => {
  const scripted = simulationFinder(site, script, { elsewhere: assumed });
  return (message) => {
    const { find } = scripted(message);
    return {
      find: async (need, definition, facts, signal) => {
        const said = answer(need);
        const found = said === undefined ? await find(need, definition, facts, signal) : said;
        if (!(found instanceof Unknown)) asked(need.name);
        return found;
      },
    };
  };
};

/** Takes the session of a test through the site. What its script does not give has its normal result. */
export const play = (session: Play, site: Site, options: PlayOptions = {}): Promise<Simulation> =>
  simulate(session.script, {
    site,
    finder: finderOf(session.script, site, options),
    deadline: DEADLINE,
    ...course(session),
  });
