import type { Decision } from '../../policy/decision.ts';
import type { Reply } from '../../policy/reply.ts';
import type { Refusal } from '../../transaction/outcome.ts';
import type { SimulatedHook } from './simulation.ts';

/** What came of a hook: the verdict of a rule, or what the relay made of it where an address, a limit or a fault stood in the way. */
export interface Said {
  readonly verdict: Decision['verdict'];
  /** Empty where nobody decided. */
  readonly by: string;
  /** `null` where the session goes on. */
  readonly reply: Reply | null;
}

/** A refusal that is no verdict of a rule reads like one. */
const refusedAs = ({ reply }: Refusal, { verdict }: Decision): Decision['verdict'] => {
  if (verdict === 'disconnect') return 'disconnect';
  return reply.code >= 500 ? 'reject' : 'defer';
};

export const saidAt = ({ decision, outcome }: SimulatedHook): Said => {
  if (outcome.kind === 'refuse') return { verdict: refusedAs(outcome, decision), by: outcome.by, reply: outcome.reply };
  return { verdict: decision.verdict, by: decision.verdict === 'none' ? '' : decision.by, reply: null };
};
