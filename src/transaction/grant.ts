import type { Policy } from '../policy/compile/policy.ts';
import { faultDecision } from '../policy/decide/fault.ts';
import { type FactStore, type Finder, settle } from '../policy/decide/settle.ts';
import type { Decision } from '../policy/decision.ts';
import type { Lifetime } from '../policy/fact-definition.ts';
import { findFact } from '../policy/facts/find.ts';
import type { FactName } from '../policy/facts/index.ts';
import type { Reply } from '../policy/reply.ts';
import { type FactSource, type FactValue, Unknown } from '../policy/value.ts';
import { Deadline } from './deadline.ts';
import { after, type Eventually, guarded } from './eventually.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import { identityOf } from './session-identity.ts';
import type { Log } from './settings.ts';

/** `isKnown`: every grant could be evaluated, and none applies. */
export type Granted = { readonly grant: string } | { readonly grant: null; readonly isKnown: boolean; readonly reply: Reply };

/** Checks whether a grant allows an address that a rule has produced. */
export type AskGrant = (address: string) => Eventually<Granted>;

/** From the session or the queued message for which a rule has produced an address. */
export interface GrantParts {
  readonly policy: Policy;
  readonly facts: FactStore;
  /** What rules had set at the last RCPT; `null`: everything in `facts`. */
  readonly before: FactSource | null;
  readonly finder: Finder;
  readonly deadline: Deadline;
  readonly trace: boolean;
  readonly onFault: (err: unknown) => void;
}

/**
 * Evaluates only the grants, as a RCPT for the address would: the rules of `rcpt` have already decided about the
 * recipient the client asked for, and nothing must be counted twice.
 */
export const evaluateGrants = (address: string, parts: GrantParts): Eventually<Decision> => {
  const { policy, finder, deadline, trace, onFault } = parts;
  const own = new FactsAbout(address, parts);
  const decision = guarded<Decision>(
    () => settle(policy, 'rcpt', own, finder, { signal: deadline.signal, trace, grantsOnly: true }),
    (err) => {
      onFault(err);
      return faultDecision('rcpt');
    },
  );
  return after(decision, (settled) => (deadline.passed && settled.grant === undefined ? faultDecision('rcpt') : settled));
};

/** If there is no grant because of an error, the client may try again. */
export const grantedBy = (decision: Decision): Granted => {
  if (decision.grant !== undefined) return { grant: decision.grant };
  return decision.verdict === 'reject' && decision.by === 'grants' ? DENIED : UNKNOWN;
};

const UNKNOWN: Granted = { grant: null, isKnown: false, reply: REPLIES.localProblem };
const DENIED: Granted = { grant: null, isKnown: true, reply: REPLIES.relayDenied };

/** Notes a fault of ours while grants were checked, which becomes 451. `who`: the session or the message. */
export const noteGrantFault =
  (log: Log, who: object) =>
  (err: unknown): void =>
    log.error({ err, ...who }, 'grant check failed');

/** Lets `work` ask for grants. All addresses that a hook produced share the time limit of one hook. */
export const askingGrants = <T>(session: Session, work: (ask: AskGrant) => Eventually<T>): Eventually<T> => {
  const deadline = new Deadline(session.settings.limits().hook, () => session.closed);
  return after(
    work((address) => grantFor(session, address, deadline)),
    (result) => {
      deadline.clear();
      return result;
    },
  );
};

const grantFor = (session: Session, address: string, deadline: Deadline): Eventually<Granted> => {
  const { settings, policy, facts, finder, transaction } = session;
  const onFault = noteGrantFault(settings.log, identityOf(session));
  return after(
    evaluateGrants(address, {
      policy,
      facts,
      before: transaction?.envelopeFacts ?? null,
      finder,
      deadline,
      trace: settings.dryRun !== undefined,
      onFault,
    }),
    (decision) => {
      if (decision.changes !== undefined) facts.remember(decision.changes);
      settings.dryRun?.regrant({ address, decision });
      return grantedBy(decision);
    },
  );
};

const SENDER: FactName = 'sender.address';
const GRANT: FactName = 'grant';

/** Set by rules, possibly from the content of the message. */
const isSetByRules = (fact: string): boolean =>
  fact === SENDER || fact === 'skip' || (fact !== GRANT && findFact(fact)?.provider === 'rules');

/** For facts a RCPT would know but that are missing here: before MAIL there is no sender, and no grant may take that for the null sender. */
const NOT_STATED = new Unknown('not known where the rule produced the address');

/** True for facts that only the session can state: not derived, looked up or a rule's result. */
const isMissing = (fact: string): boolean => {
  const definition = findFact(fact);
  return definition !== null && !definition.derive && !definition.lookUp && !fact.startsWith('result.');
};

/** The facts of a session as a RCPT for the address would see them, without those of the current recipient. */
class FactsAbout implements FactStore {
  readonly #facts: FactStore;
  readonly #before: FactSource;
  readonly #own: Map<string, FactValue>;

  constructor(address: string, { facts, before }: Pick<GrantParts, 'facts' | 'before'>) {
    this.#facts = facts;
    this.#before = before ?? facts;
    this.#own = new Map([['recipient.address', address]]);
  }

  get(fact: string): FactValue | undefined {
    const own = this.#own.get(fact);
    if (own !== undefined || (fact.startsWith('recipient.') && fact !== 'recipient.index')) return own;
    const stated = isSetByRules(fact) ? this.#before.get(fact) : this.#facts.get(fact);
    return stated ?? (stated === undefined && isMissing(fact) ? NOT_STATED : stated);
  }

  set(lifetime: Lifetime, fact: string, value: FactValue): void {
    if (lifetime === 'recipient') this.#own.set(fact, value);
    else this.#facts.set(lifetime, fact, value);
  }
}
