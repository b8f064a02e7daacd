import type { Finder } from '../../policy/decide/settle.ts';
import type { Decision, Verdict } from '../../policy/decision.ts';
import { Unknown } from '../../policy/value.ts';
import { REPLIES } from '../../transaction/replies.ts';

/** Rules of `rcpt` have counted the recipient already; asking whether a grant lets its new address in counts nothing. */
export const uncounted = (finder: Finder): Finder => ({
  find: async (need, definition, facts, signal) =>
    need.need === 'lookup' ? finder.find(need, definition, facts, signal) : new Unknown('not counted twice'),
});

const verdictOf = (decision: Decision): Verdict => {
  if (decision.grant !== undefined) return { verdict: 'accept', by: decision.grant };
  const denied = decision.verdict === 'reject' && decision.by === 'grants';
  const verdict = denied ? 'reject' : 'defer';
  return { verdict, by: 'grants', disconnect: false, ...(denied ? REPLIES.relayDenied : REPLIES.localProblem) };
};

/** What the grants alone say about an address that a rule has put in a recipient's place. */
export const grantsAlone = (decision: Decision): Decision => ({
  ...verdictOf(decision),
  hook: decision.hook,
  effects: [],
  shadowed: [],
  trace: decision.trace.filter(({ kind }) => kind === 'grant'),
  ...(decision.grant === undefined ? {} : { grant: decision.grant }),
});
