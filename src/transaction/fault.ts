import { HeaderTooLarge } from '../message/incoming.ts';
import { type Refusal, refuse } from './outcome.ts';
import { REPLIES } from './replies.ts';

/** What the client hears where a message could not be taken in: 552 for a header past its limit, else 452 or 451, for it is our trouble. */
export const faultRefusal = (err: unknown): Refusal => {
  if (err instanceof HeaderTooLarge) return refuse(REPLIES.headerTooBig, 'limits');
  return refuse(isDiskFull(err) ? REPLIES.diskFull : REPLIES.localProblem, 'internal');
};

const isDiskFull = (err: unknown): boolean =>
  err instanceof Error && 'code' in err && (err.code === 'ENOSPC' || err.code === 'EDQUOT' || err.code === 'MDB_MAP_FULL');
