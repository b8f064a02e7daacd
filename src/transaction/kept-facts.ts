import type { SessionFacts } from '../policy/decide/session.ts';
import type { Scalar } from '../policy/value.ts';
import type { Transaction } from './transaction.ts';

/** What delivery hooks, and the grants of mail that they send, may ask about the session. A test holds the list to be complete. */
const KEPT = [
  'auth.method',
  'auth.user',
  'client.early_talker',
  'client.ip',
  'client.port',
  'connection.id',
  'helo.name',
  'helo.verb',
  'listener',
  'message.declared_size',
  'message.size',
  'message.smtputf8',
  'server.ip',
  'server.port',
  'tls.active',
  'tls.cipher',
  'tls.client_fingerprint',
  'tls.client_subject',
  'tls.sni',
  'tls.version',
] as const;

/** Look-ups, which are made again where they had not been made; the sender as the client gave it, where rules have rewritten it. */
const RDNS = 'client.rdns';
const SENDER = 'sender.address';

type Kept = Readonly<Record<string, Scalar>>;

/** To stay with the queued message. */
export function keptFacts(session: SessionFacts, { envelopeFacts, sender }: Transaction): Kept {
  const facts: Record<string, Scalar> = {};
  for (const name of [...KEPT, RDNS]) {
    const value = session.get(name);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') facts[name] = value;
  }
  if (envelopeFacts === null) return facts;
  const before = envelopeFacts.get(SENDER) ?? null;
  if (before === null ? sender !== '' : typeof before === 'string' && before !== sender)
    facts[SENDER] = typeof before === 'string' ? before : '';
  return facts;
}

/** States what was kept; what was not had been absent. */
export function stateKept(facts: SessionFacts, kept: Kept): void {
  for (const name of KEPT) facts.set('connection', name, kept[name] ?? null);
  if (kept[RDNS] !== undefined) facts.set('connection', RDNS, kept[RDNS]);
}

/** The sender as the client gave it; `sender` where nobody has rewritten it. */
export const senderAtMail = (kept: Kept, sender: string): string | null => String(kept[SENDER] ?? sender) || null;
