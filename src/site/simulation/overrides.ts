import type { SessionFacts } from '../../policy/decide/session.ts';
import { findFact } from '../../policy/facts/find.ts';
import type { FactName } from '../../policy/facts/index.ts';
import type { Hook } from '../../policy/hook.ts';
import { type FactValue, isCollection, isFields, Unknown } from '../../policy/value.ts';
import type { DryRun, SessionStage } from '../../transaction/dry-run.ts';
import { type Script, unknownMessage } from './script.ts';

/** Said by the client or known of the connection: where the script gives plain text, the session carries it and rules may change it. */
const CARRIED: ReadonlySet<string> = new Set<FactName>([
  'client.ip',
  'helo.name',
  'helo.verb',
  'auth.user',
  'auth.method',
  'listener',
  'sender.address',
  'recipient.address',
]);

/** The session says it, or finds it out where a rule asks for it: what nobody asked for is in no trace field. */
const isCarried = (fact: string, value: FactValue): boolean =>
  findFact(fact)?.lookUp !== undefined ||
  (CARRIED.has(fact) && typeof value === 'string') ||
  (fact === 'sender.address' && value === null) ||
  (fact === 'tls.active' && typeof value === 'boolean') ||
  (fact === 'recipients' && isCollection(value));

/** Where a fact is known from `rcpt` or `data` on. */
const RCPT_STAGES = { connection: 'connection', transaction: 'recipients', recipient: 'recipient' } as const;

const STAGES: Readonly<Partial<Record<Hook, SessionStage>>> = { mail: 'transaction', data: 'recipients', data_post: 'message' };

/** How far into the session a given fact is stated: what belongs to a recipient or a transaction comes back with each. */
const stageOf = (fact: string): SessionStage => {
  const definition = findFact(fact);
  if (definition === null) return 'connection';
  return definition.from === 'rcpt' ? RCPT_STAGES[definition.lifetime] : (STAGES[definition.from] ?? 'connection');
};

const words = (value: FactValue): readonly string[] => {
  if (isCollection(value)) return value.filter((element) => !isFields(element)).map(String);
  return typeof value === 'string' ? [value] : [];
};

const LIFETIMES = {
  connection: 'connection',
  transaction: 'transaction',
  recipient: 'recipient',
  recipients: 'transaction',
  message: 'transaction',
} as const;

/** Without a message nothing is known of it: that it has no Subject is not known either. */
const stateNoMessage = (facts: SessionFacts, script: Script): void => {
  const unknown = unknownMessage(script);
  facts.set('transaction', 'message.size', unknown);
  facts.set('transaction', 'message.id', unknown);
  for (const family of ['header', 'raw_header']) facts.provide('transaction', family, () => unknown);
};

/** Follows the header field that a script gives, as it follows that of a message. */
const stateMessageId = (facts: SessionFacts, { given }: Script): void => {
  const [id] = words(given.get('header.message-id') ?? null);
  if (id !== undefined && !given.has('message.id')) facts.set('transaction', 'message.id', id);
};

/** What a queued message brings along, and rules add to. */
const ADDED: ReadonlySet<string> = new Set<FactName>(['tag', 'score']);

/** States what a script gives in the place of what a session says itself. Tags and score are what rules would have left. */
export const overrides = (script: Script): Pick<DryRun, 'state' | 'edited'> => {
  const given = [...script.given].filter(([fact, value]) => !isCarried(fact, value));
  const touched = new Set<string>();
  const state: DryRun['state'] = (facts, stage) => {
    if (stage === 'message' && script.message === null) stateNoMessage(facts, script);
    if (stage === 'transaction' && !script.given.has('sender.address') && !script.given.has('sender.null'))
      facts.set('transaction', 'sender.null', false);
    for (const [fact, value] of given) {
      if (stageOf(fact) !== stage || touched.has(fact)) continue;
      facts.set(LIFETIMES[stage], fact, value);
    }
    if (stage === 'message') stateMessageId(facts, script);
  };
  const edited: DryRun['edited'] = (facts, { header }, edits) => {
    if (script.message === null) stateNoMessage(facts, script);
    for (const { effect, name } of edits) {
      const fact = `header.${name.toLowerCase()}`;
      const before = facts.get(fact);
      if (effect === 'add_header' && before instanceof Unknown) continue;
      const values = header.values(name);
      const kept = effect === 'add_header' && script.given.has(fact) && !touched.has(fact) ? words(before ?? null) : null;
      facts.set('transaction', fact, kept === null ? (values.length > 0 ? values : null) : [...kept, ...values.slice(-1)]);
      touched.add(fact);
    }
  };
  return { state, edited };
};

/** What a script gives about an attempt at delivery: all of it, whatever the queue has kept. */
export const stateForDelivery = (facts: SessionFacts, script: Script): void => {
  for (const [fact, value] of script.given) if (!ADDED.has(fact) && !isCarried(fact, value)) facts.set('recipient', fact, value);
};
