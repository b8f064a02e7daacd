import type { Decision, Verdict } from '../policy/decision.ts';
import type { Reply } from '../policy/reply.ts';
import { REPLIES } from './replies.ts';

/** What a verdict means to the client: go on as if nothing were said, or a reply and perhaps the end of the connection. */
export type Outcome =
  | { readonly kind: 'go on' }
  | Refusal
  | { readonly kind: 'discard' }
  | { readonly kind: 'quarantine'; readonly reason: string };

export interface Refusal {
  readonly kind: 'refuse';
  readonly reply: Reply;
  readonly disconnect: boolean;
  /** Full name of the rule, `grants`, `limits`, `listener`, `syntax`, or `internal` for a fault of ours. */
  readonly by: string;
}

export const GO_ON: Outcome = { kind: 'go on' };

export const refuse = (reply: Reply, by: string, disconnect = false): Refusal => ({ kind: 'refuse', reply, disconnect, by });

/**
 * The one table of verdict and hook. `accept` ends the hook and grants nothing, so it reads like `none`;
 * at `rcpt` `none` without a grant cannot come from the evaluator, and is refused should it ever.
 * `discard` (250, and the message goes nowhere) and `quarantine` mean something only once there is a message.
 */
export const outcomeOf = (decision: Decision): Outcome => {
  switch (decision.verdict) {
    case 'none':
    case 'accept':
      return decision.hook === 'rcpt' && decision.grant === undefined ? refuse(REPLIES.relayDenied, 'grants') : GO_ON;
    case 'reject':
    case 'defer':
      return refuse(replyOf(decision), decision.by, decision.disconnect || decision.code === 421);
    case 'disconnect':
      return refuse(REPLIES.closing, decision.by, true);
    case 'discard':
      return { kind: 'discard' };
    case 'quarantine':
      return { kind: 'quarantine', reason: decision.reason };
  }
};

const replyOf = ({ code, enhanced, text }: Extract<Verdict, { verdict: 'reject' | 'defer' }>): Reply => ({ code, enhanced, text });
