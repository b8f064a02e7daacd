import { type Explanation, explanationOf } from '../explain/explanation.ts';
import type { Site } from '../loading/load.ts';
import type { Session } from './witness.ts';
import { replay } from './witness.ts';

/** What `explain` says of a session that was found. Look-ups that it does not give are normal. */
export const explainedSession = async (site: Site, session: Session): Promise<Explanation> =>
  explanationOf(await replay(site, session), { policy: site.policy.version, assumed: [] });
