import type { Decision } from '../policy/decision.ts';
import type { FactName } from '../policy/facts/index.ts';
import type { Scalar } from '../policy/value.ts';
import type { DeliveryReport, MessageContent, MessageRecord, RecipientState } from '../queue/message.ts';
import type { RecipientOutcome } from '../queue/queue.ts';
import type { NewMessage } from '../queue/store.ts';
import type { DeliveryEvent, DeliveryFacts, DeliveryParts } from './parts.ts';
import { composeNotice } from './report/compose.ts';
import { delayLine, type NoticeLine, outcomeLine } from './report/notice.ts';
import type { RecipientResult } from './result.ts';
import { isExpired, type Moment, nextAttempt } from './retry.ts';

/*
 * From what happened to what is recorded: the delivery hooks are evaluated, deferrals get their next attempt or
 * have expired, and the sender, if to be notified, gets one DSN for all recipients of the attempt.
 * Outcomes and DSN are recorded in one step: a recipient that failed is never marked so without its DSN.
 */

/** What the queue and the log are told after an attempt. */
export interface Conclusion {
  readonly outcomes: readonly RecipientOutcome[];
  readonly also: readonly NewMessage[];
  readonly events: readonly DeliveryEvent[];
}

/** An attempt that is over. */
export interface Attempted {
  readonly record: MessageRecord;
  readonly results: ReadonlyMap<RecipientState, RecipientResult>;
  /** For the hooks and the log. */
  readonly destination: string;
  /** Read only if a DSN is written. */
  readonly content: () => Promise<MessageContent | null>;
}

type Amount = 'never' | 'headers' | 'full' | null;

interface Concluded {
  readonly outcome: RecipientOutcome;
  readonly line: NoticeLine | null;
  readonly amount: Amount;
  readonly event: DeliveryEvent;
}

/**
 * Concludes an attempt. A hook that fails changes nothing of the outcome, but is reported to the log.
 * @throws when a DSN must be written and the message cannot be read: then nothing may be recorded
 */
export const conclude = async (attempted: Attempted, parts: DeliveryParts): Promise<Conclusion> => {
  const all: Concluded[] = [];
  const scope = { attempted, parts, moment: { now: parts.now(), random: parts.random() } };
  for (const [recipient, result] of attempted.results) all.push(await conclusionFor(recipient, result, scope));
  const told = all.filter((concluded) => concluded.line !== null && concluded.amount !== 'never');
  const notice = await noticeFor(told, attempted, parts);
  const events = all.map(({ event }) => event);
  if (!notice) return { outcomes: all.map(({ outcome }) => outcome), also: [], events };
  events.push({ event: 'notice', record: notice.record, about: attempted.record.id });
  return { outcomes: all.map(({ outcome }) => outcome), also: [notice], events };
};

interface AttemptScope {
  readonly attempted: Attempted;
  readonly parts: DeliveryParts;
  /** One for all: recipients that were deferred together are tried together, in one copy (RFC 5321 4.5.4.1). */
  readonly moment: Moment;
}

const conclusionFor = async (recipient: RecipientState, found: RecipientResult, scope: AttemptScope): Promise<Concluded> => {
  const { record } = scope.attempted;
  const result = found.result === 'deferred' && isExpired(record, scope.parts.now()) ? expired(found.report) : found;
  const decision = await decideHook(recipient, result, scope);
  if (result.result === 'deferred') return deferred(recipient, result.report, { ...scope, decision });
  const fate = result.result === 'delivered' && result.duty === 'relayed' ? 'relayed' : result.result;
  return {
    outcome: { fate, address: recipient.address, report: result.report },
    line: outcomeLine(record, recipient, result),
    amount: amountOf(decision),
    event: eventFor(recipient, { result: result.result, report: result.report, nextAttempt: null }, scope),
  };
};

/** RFC 3463 X.4.7: a finding of our own, though the next hop may have had its say. */
const expired = ({ quoted: _quoted, ...last }: DeliveryReport): RecipientResult => ({
  result: 'failed',
  report: { ...last, code: 550, enhanced: '5.4.7', text: `not delivered in time; last: ${last.code} ${last.enhanced} ${last.text}` },
});

const HOOK_OF = { delivered: 'delivered', deferred: 'deferred', failed: 'bounce' } as const;

/** What the hooks after an attempt know of it. */
export const attemptFacts = (destination: string, { code, text }: DeliveryReport): DeliveryFacts =>
  ({ destination, 'reply.code': code, 'reply.text': text }) satisfies Partial<Record<FactName, Scalar>>;

const decideHook = async (
  recipient: RecipientState,
  { result, report }: RecipientResult,
  { attempted, parts }: AttemptScope,
): Promise<Decision | null> => {
  const { record, destination } = attempted;
  const facts = attemptFacts(destination, report);
  try {
    return await parts.hooks[HOOK_OF[result]](record, recipient, facts);
  } catch (error) {
    parts.log({ event: 'trouble', message: record.id, error: `${HOOK_OF[result]} hook: ${String(error)}` });
    return null;
  }
};

const deferred = (
  recipient: RecipientState,
  report: DeliveryReport,
  scope: AttemptScope & { readonly decision: Decision | null },
): Concluded => {
  const { attempted, parts, decision, moment } = scope;
  const { retry, delayNotice } = parts.settings();
  const planned = nextAttempt(attempted.record, recipient, retry, moment);
  const next = Math.max(planned, moment.now + heldFor(decision));
  const line = amountOf(decision) === 'never' ? null : delayLine(attempted.record, recipient, { report, after: delayNotice });
  const outcome = { fate: 'deferred', address: recipient.address, report, nextAttempt: next } as const;
  return {
    outcome: line ? { ...outcome, delayNoticed: true } : outcome,
    line,
    amount: amountOf(decision),
    event: eventFor(recipient, { result: 'deferred', report, nextAttempt: next }, scope),
  };
};

/** Milliseconds that `hold` asks for, 0 if it does not. */
export const heldFor = (decision: Decision | null): number =>
  decision?.effects.reduce((longest, effect) => (effect.effect === 'hold' ? Math.max(longest, effect.milliseconds) : longest), 0) ?? 0;

const amountOf = (decision: Decision | null): Amount =>
  decision?.effects.reduce<Amount>((last, effect) => (effect.effect === 'dsn' ? effect.amount : last), null) ?? null;

interface Happened {
  readonly result: RecipientResult['result'];
  readonly report: DeliveryReport;
  readonly nextAttempt: number | null;
}

const eventFor = (
  recipient: RecipientState,
  { result, report, nextAttempt: next }: Happened,
  { attempted, parts }: AttemptScope,
): DeliveryEvent => ({
  event: result,
  record: attempted.record,
  recipient: recipient.address,
  destination: attempted.destination,
  report,
  attempt: recipient.attempts + 1,
  age: parts.now() - attempted.record.arrived,
  nextAttempt: next,
});

const noticeFor = async (told: readonly Concluded[], { record, content }: Attempted, parts: DeliveryParts): Promise<NewMessage | null> => {
  if (told.length === 0) return null;
  const original = await content();
  if (!original) throw new Error('the message that a DSN must report on is gone');
  const lines = told.flatMap(({ line }) => (line ? [line] : []));
  const { hostname, dsnLimit, lifetime } = parts.settings();
  const writer = { hostname, limit: dsnLimit, id: parts.newId(), now: parts.now(), lifetime };
  return composeNotice({ record, content: original, lines, full: wantsFull(told, record) }, writer);
};

/** A rule decides first, then RET; only a failure returns the whole message (RFC 3461 4.3). */
const wantsFull = (told: readonly Concluded[], record: MessageRecord): boolean => {
  if (!told.some(({ line }) => line?.action === 'failed')) return false;
  const ruled = told.find(({ amount }) => amount !== null)?.amount;
  return ruled ? ruled === 'full' : record.envelope.ret === 'full';
};
