import type { JudgedEntry } from '../../transaction/judged.ts';
import type { Site } from '../loading/load.ts';
import { simulate } from '../simulation/simulate.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { hasGaps, RecordedFinder, recordedScript } from './recorded.ts';

/** A recorded transaction under the policy of `site`, by the same code that judged it. */
export const judgeAgain = (entry: JudgedEntry, site: Site): Promise<Simulation> => run(entry, site, new RecordedFinder(entry), false);

/** The same without traces and routes, unless what was not recorded may have mattered: then the traces tell. */
export const judgeAgainQuickly = async (entry: JudgedEntry, site: Site): Promise<Simulation> => {
  if (hasGaps(entry)) return judgeAgain(entry, site);
  const finder = new RecordedFinder(entry);
  const simulation = await run(entry, site, finder, true);
  return finder.missed ? judgeAgain(entry, site) : simulation;
};

const run = (entry: JudgedEntry, site: Site, finder: RecordedFinder, verdictsOnly: boolean): Promise<Simulation> =>
  simulate(recordedScript(entry), { site, finder: () => finder, onRecipient: (index) => finder.turnTo(index), verdictsOnly });
