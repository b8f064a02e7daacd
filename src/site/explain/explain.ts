import { Unknown } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import type { Script } from '../simulation/script.ts';
import { simulate } from '../simulation/simulate.ts';
import { type Elsewhere, simulationFinder } from '../simulation/simulation-finder.ts';
import { Assumptions } from './assumptions.ts';
import { type Explanation, explanationOf } from './explanation.ts';

/** What would happen to a session, hook by hook and why. `lookUp`: make look-ups that are not given, else they are unknown. */
export const explain = async (site: Site, script: Script, lookUp: boolean): Promise<Explanation> => {
  const elsewhere: Elsewhere = async (_, ask) => (lookUp ? ask() : new Unknown('not given, and not looked up'));
  const assumptions = new Assumptions(script, lookUp);
  const finder = simulationFinder(site, script, { elsewhere, notGiven: assumptions.notGiven });
  const simulated = await simulate(script, { site, finder });
  return explanationOf(simulated, { policy: site.policy.version, assumed: assumptions.all });
};
