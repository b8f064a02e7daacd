import type { JudgedEntry } from '../../transaction/judged.ts';
import type { Site } from '../loading/load.ts';
import { judgeAgain } from '../replay/judge-again.ts';
import { type Explanation, explanationOf } from './explanation.ts';

/** What the policies of `site` make of a transaction of the decision log. */
export const explainRecorded = async (site: Site, entry: JudgedEntry): Promise<Explanation> => {
  const isChanged = entry.policy !== site.policy.version;
  const assumed = [
    `facts are those recorded at ${entry.time}, under ${isChanged ? `another policy, ${entry.policy}` : 'this policy'}`,
    ...(entry.header === undefined ? ['the header was not recorded'] : []),
  ];
  return explanationOf(await judgeAgain(entry, site), { policy: site.policy.version, assumed });
};
