import type { Decision, Route } from '../policy/decision.ts';
import type { RecipientState } from '../queue/message.ts';
import type { Work } from '../queue/queue.ts';
import { heldFor } from './conclude.ts';
import { domainOf, type Job } from './job.ts';
import type { DeliveryParts } from './parts.ts';
import type { RecipientLimits } from './recipient-limits.ts';
import { type Circumstances, deferral, type RecipientResult } from './result.ts';
import { destinationKey, parseTarget } from './target.ts';

/** The jobs of a work once its recipients have been routed. */
export interface Plan {
  readonly jobs: readonly Job[];
  /** Decided without an attempt. */
  readonly settled: ReadonlyMap<RecipientState, RecipientResult>;
  /** Held by a rule: not before that time. */
  readonly postponed: ReadonlyMap<RecipientState, number>;
}

/** Evaluates `get_mx` for the open recipients of a work. A fault in a rule defers, as does the lack of a route. */
export const planWork = (work: Work, parts: DeliveryParts, limits: RecipientLimits): Plan | Promise<Plan> => {
  const wanted = new Set(work.recipients);
  const recipients = work.record.recipients.filter(({ address, status }) => status === 'open' && wanted.delete(address));
  const now = parts.now();
  const decisions = recipients.map((recipient) => decide(work, recipient, parts));
  const settled = decisions.every((decision) => !(decision instanceof Promise));
  if (settled) return sortOut(work, decisions.filter(isDecision), { recipients, now, limits });
  return Promise.all(decisions).then((all) => sortOut(work, all, { recipients, now, limits }));
};

const isDecision = (decision: Decision | Promise<Decision>): decision is Decision => !(decision instanceof Promise);

const decide = (work: Work, recipient: RecipientState, parts: DeliveryParts): Decision | Promise<Decision> => {
  try {
    const decision = parts.routeFor(work.record, recipient, {});
    return decision instanceof Promise ? decision.catch(faulty) : decision;
  } catch (error) {
    return faulty(error);
  }
};

const faulty = (error: unknown): Decision => ({
  verdict: 'defer',
  by: 'internal',
  disconnect: false,
  code: 451,
  enhanced: '4.3.0',
  text: `get_mx hook: ${String(error)}`,
  hook: 'get_mx',
  effects: [],
  shadowed: [],
  trace: [],
});

interface Routed {
  readonly recipients: readonly RecipientState[];
  readonly now: number;
  readonly limits: RecipientLimits;
}

const sortOut = (work: Work, decisions: readonly Decision[], { recipients, now, limits }: Routed): Plan => {
  const settled = new Map<RecipientState, RecipientResult>();
  const postponed = new Map<RecipientState, number>();
  const jobs = new Map<string, Job[]>();
  recipients.forEach((recipient, index) => {
    const decision = decisions[index];
    if (!decision) return;
    const hold = heldFor(decision);
    const result = resultOf(decision, { remote: '', at: now });
    if (hold > 0 && now < work.record.expires) postponed.set(recipient, now + hold);
    else if (result) settled.set(recipient, result);
    else if (decision.route) assign(jobs, decision.route, { work, recipient, most: (key, wanted) => limits.of(key, wanted, now) });
  });
  return { jobs: [...jobs.values()].flat(), settled, postponed };
};

/** What a decision without a usable route means; `null` if it has one. */
const resultOf = (decision: Decision, circumstances: Circumstances): RecipientResult | null => {
  if (decision.verdict === 'reject' || decision.verdict === 'defer') {
    const { code, enhanced, text } = decision;
    const report = { code, enhanced, text, ...circumstances };
    return decision.verdict === 'reject' ? { result: 'failed', report } : { result: 'deferred', report, elsewhere: false };
  }
  if (!decision.route) return deferral('4.3.5', 'no route for this recipient', circumstances);
  return parseTarget(decision.route.to) ? null : deferral('4.3.5', `route ${decision.route.id} leads nowhere`, circumstances);
};

interface Assignment {
  readonly work: Work;
  readonly recipient: RecipientState;
  /** Recipients one transaction has. */
  readonly most: (key: string, wanted: number | undefined) => number;
}

const assign = (jobs: Map<string, Job[]>, route: Route, { work, recipient, most }: Assignment): void => {
  const target = parseTarget(route.to);
  if (!target) return;
  const domain = target.kind === 'mx' ? domainOf(recipient.address) : '';
  const key = destinationKey(route, domain);
  const same = jobs.get(key) ?? [];
  const last = same.at(-1);
  if (last && last.recipients.length < most(key, route.recipients))
    same[same.length - 1] = { ...last, recipients: [...last.recipients, recipient] };
  else same.push({ record: work.record, recipients: [recipient], route, target, domain, key });
  jobs.set(key, same);
};
