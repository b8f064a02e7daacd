import { dateTime } from '../message/trace.ts';
import type { Change } from '../policy/decision.ts';
import type { FactValue } from '../policy/value.ts';
import { hourOf, weekdayOf } from './clock.ts';
import type { SessionState } from './session-state.ts';

type Family = Readonly<Record<string, (session: SessionState) => FactValue>>;

const orAbsent = (text: string): string | null => (text === '' ? null : text);

/** Facts that last as long as the connection; computed on demand, so that facts no rule reads cost nothing. */
const CONNECTION: Readonly<Record<string, Family>> = {
  client: {
    ip: ({ client }) => orAbsent(client.ip),
    port: ({ client }) => (client.ip === '' ? null : client.port),
    early_talker: ({ earlyTalker }) => earlyTalker,
  },
  server: {
    ip: ({ server }) => orAbsent(server.ip),
    port: ({ server }) => (server.ip === '' ? null : server.port),
  },
  connection: { id: ({ id }) => id },
  policy: { version: ({ policy }) => policy.version },
  time: {
    hour: ({ settings }) => hourOf(settings.now()),
    weekday: ({ settings }) => weekdayOf(settings.now()),
    rfc5322: ({ settings }) => dateTime(settings.now()),
  },
  helo: {
    name: ({ helo }) => orAbsent(helo?.name ?? ''),
    verb: ({ helo }) => helo?.verb ?? null,
  },
  tls: {
    active: ({ tls }) => tls !== null,
    version: ({ tls }) => tls?.version ?? null,
    cipher: ({ tls }) => orAbsent(tls?.cipher ?? ''),
    sni: ({ tls }) => tls?.sni ?? null,
    client_subject: ({ tls }) => tls?.clientSubject ?? null,
    client_fingerprint: ({ tls }) => tls?.clientFingerprint ?? null,
  },
  auth: {
    user: ({ user }) => user,
    method: ({ authMethod }) => authMethod,
  },
};

const TRANSACTION: Readonly<Record<string, Family>> = {
  sender: {
    address: ({ transaction }) => orAbsent(transaction?.sender ?? ''),
  },
  message: {
    declared_size: ({ transaction }) => transaction?.parameters.size ?? null,
    smtputf8: ({ transaction }) => transaction?.parameters.smtputf8 ?? null,
  },
};

/** Unlike an unknown value, a doubt is stored with the queued message. */
const NO_ADDRESSES: Change = {
  effect: 'unsettle',
  facts: ['client.ip', 'client.port', 'server.ip', 'server.port'],
  by: 'proxy_protocol',
  doubt: 'the proxy does not know the address of the client',
};

const bind = (session: SessionState, lifetime: 'connection' | 'transaction', families: Readonly<Record<string, Family>>): void => {
  for (const name in families) {
    const family = families[name] ?? {};
    session.facts.provide(lifetime, name, (fact) => (Object.hasOwn(family, fact) ? family[fact]?.(session) : undefined));
  }
};

export const bindSessionFacts = (session: SessionState): void => {
  session.facts.set('connection', 'listener', orAbsent(session.listener.name));
  bind(session, 'connection', CONNECTION);
  if (session.client.isUnknown === true) session.facts.remember([NO_ADDRESSES]);
  session.settings.dryRun?.state(session.facts, 'connection');
};

/** Call before MAIL is evaluated. */
export const bindTransactionFacts = (session: SessionState): void => {
  bind(session, 'transaction', TRANSACTION);
  session.settings.dryRun?.state(session.facts, 'transaction');
};

/** Call before RCPT is evaluated; `index` counts from 0. The address is empty if a script does not give one. */
export const stateRecipient = (session: SessionState, address: string, index: number): void => {
  const { facts, settings } = session;
  facts.beginRecipient();
  if (address !== '') facts.set('recipient', 'recipient.address', address);
  facts.set('recipient', 'recipient.index', index);
  settings.dryRun?.state(facts, 'recipient');
};

/** From `data` on there is no single recipient: states the set of recipients and the set of their grants instead. */
export const stateRecipients = (session: SessionState): void => {
  const { facts, settings, transaction } = session;
  const recipients = transaction?.recipients ?? [];
  facts.beginRecipient();
  facts.set('recipient', 'recipient.index', recipients.length);
  facts.set(
    'transaction',
    'recipients',
    recipients.flatMap(({ address }) => (address === '' ? [] : address)),
  );
  facts.set('transaction', 'grant', [...new Set(recipients.map(({ grant }) => grant))]);
  settings.dryRun?.state(facts, 'recipients');
};
