import type { Decision, Verdict } from '../policy/decision.ts';
import type { Reply } from '../policy/reply.ts';
import { REPLIES } from './replies.ts';

/** What a verdict means to the client: carry on, or a reply and perhaps the end of the connection. */
export type Outcome =
  | { readonly kind: 'go on' }
  | Refusal
  | { readonly kind: 'discard' }
  | { readonly kind: 'quarantine'; readonly reason: string };

export interface Refusal {
  readonly kind: 'refuse';
  readonly reply: Reply;
  readonly disconnect: boolean;
  /** Full name of the rule, `grants`, `limits`, `listener`, `syntax`, or `internal` for an error of ours. */
  readonly by: string;
}

export const GO_ON: Outcome = { kind: 'go on' };

export const refuse = (reply: Reply, by: string, disconnect = false): Refusal => ({ kind: 'refuse', reply, disconnect, by });

/**
 * The only place that maps verdict and hook to an outcome. `accept` ends the hook and grants nothing, so it equals
 * `none`. At `rcpt` the evaluator never returns `none` without a grant; if it ever does, the recipient is refused.
 * `discard` (250, and the message is dropped) and `quarantine` apply only once there is a message.
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
