import type { SessionFacts } from '../policy/decide/session.ts';
import { facts as definitions, type FactName } from '../policy/facts/index.ts';
import type { Scalar } from '../policy/value.ts';
import type { Transaction } from './transaction.ts';

/** What delivery hooks, and grants for the mail they send, may know about the session. */
const KEPT = [...definitions.values()].filter(({ keptWithMail }) => keptWithMail);

/** Holds the sender as the client gave it, if rules have rewritten it. */
const SENDER: FactName = 'sender.address';

type Kept = Readonly<Record<string, Scalar>>;

/** The facts to store with the queued message. */
export const keptFacts = (session: SessionFacts, { envelopeFacts, sender }: Transaction): Kept => {
  const facts: Record<string, Scalar> = {};
  for (const { name } of KEPT) {
    const value = session.get(name);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts[name] = value;
  }
  if (envelopeFacts === null) return facts;
  const before = envelopeFacts.get(SENDER) ?? null;
  if (before === null ? sender !== '' : typeof before === 'string' && before !== sender)
    facts[SENDER] = typeof before === 'string' ? before : '';
  return facts;
};

/** States the stored facts. Any other fact was absent, or its look-up was never made. */
export const stateKept = (facts: SessionFacts, kept: Kept): void => {
  for (const { name, lookUp } of KEPT) {
    const value = kept[name];
    if (value !== undefined || lookUp === undefined) facts.set('connection', name, value ?? null);
  }
};

/** The sender as the client gave it; `sender` unless it was rewritten. */
export const senderAtMail = (kept: Kept, sender: string): string | null => String(kept[SENDER] ?? sender) || null;
