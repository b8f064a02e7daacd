import { HeaderTooLarge } from '../message/incoming.ts';
import { type Refusal, refuse } from './outcome.ts';
import { REPLIES } from './replies.ts';

/** The reply when a message could not be received: 552 for a header over its limit, otherwise 452 or 451, since the problem is ours. */
export const faultRefusal = (err: unknown): Refusal => {
  if (err instanceof HeaderTooLarge) return refuse(REPLIES.headerTooBig, 'limits');
  return refuse(isDiskFull(err) ? REPLIES.diskFull : REPLIES.localProblem, 'internal');
};

const isDiskFull = (err: unknown): boolean =>
  err instanceof Error && 'code' in err && (err.code === 'ENOSPC' || err.code === 'EDQUOT' || err.code === 'MDB_MAP_FULL');
