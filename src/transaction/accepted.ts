import { authenticationResults, authenticationResultsField } from '../message/authentication-results.ts';
import { finalHeader } from '../message/content.ts';
import { verifiableHeader } from '../message/dkim/verifiable-header.ts';
import { receivedField } from '../message/trace.ts';
import { wireAddress } from '../policy/mailbox.ts';
import type { Envelope, Origin } from '../queue/message.ts';
import type { Draft } from './draft.ts';
import type { Eventually } from './eventually.ts';
import { clippedText } from './identity.ts';
import { keptFacts } from './kept-facts.ts';
import type { AcceptedMessage } from './settings.ts';

export interface Fate {
  readonly id: string;
  /** Why it is quarantined; `null` if it is not. */
  readonly reason: string | null;
}

/** The message as it is queued: trace fields on top, signed after all edits. */
export const acceptedMessage = (draft: Draft, fate: Fate): Eventually<AcceptedMessage> => {
  const arrived = draft.session.settings.now();
  const trace = traceFields(draft, fate.id, arrived);
  const header = draft.signatures.length === 0 ? draft.header : verifiableHeader(draft.header);
  const finish = (fields: readonly string[]): AcceptedMessage => ({
    id: fate.id,
    arrived,
    envelope: envelopeOf(draft),
    recipients: draft.transaction.recipients,
    origin: originOf(draft),
    content: { header: finalHeader(fields, header), body: draft.message.body },
    state: fate.reason === null ? 'queued' : 'quarantined',
    reason: fate.reason ?? '',
  });
  if (draft.signatures.length === 0) return finish(trace);
  const unsigned = { header: finalHeader([], header), body: draft.message.body };
  return draft.session.settings.sign(unsigned, draft.signatures).then((signatures) => finish([...trace, ...signatures]));
};

const traceFields = (draft: Draft, id: string, at: number): readonly string[] => {
  const { session, transaction } = draft;
  const { helo, tls, user, client, facts } = session;
  const { hostname } = session.settings;
  const rdns = facts.get('client.rdns');
  const received = receivedField({
    hostname,
    helo: helo?.name.split(' ', 1)[0] ?? '',
    rdns: typeof rdns === 'string' ? rdns : null,
    ip: client.ip,
    protocol: {
      verb: helo?.verb ?? 'HELO',
      smtputf8: transaction.parameters.smtputf8,
      tls: tls !== null,
      authenticated: user !== null,
    },
    id,
    recipients: transaction.recipientCount > 1 ? [] : transaction.recipients.map(({ address }) => address),
    at,
  });
  // The authenticated user is not disclosed to recipients.
  const results = authenticationResults(facts).filter(({ method }) => method !== 'auth');
  return results.length === 0 ? [received] : [received, authenticationResultsField(hostname, results)];
};

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

const envelopeOf = ({ transaction }: Draft): Envelope => {
  const { parameters, sender, recipients } = transaction;
  const { ret, envid } = parameters;
  const envelope: Envelope = {
    sender,
    body: parameters.body,
    smtputf8:
      parameters.smtputf8 || ![sender, ...recipients.map(({ address }) => address)].every((address) => isAscii(wireAddress(address))),
  };
  if (ret !== undefined) Object.assign(envelope, { ret });
  if (envid !== undefined) Object.assign(envelope, { envid });
  return envelope;
};

const originOf = ({ session, transaction, message }: Draft): Origin => {
  const facts = keptFacts(session.facts, transaction);
  const messageId = clippedText(message.header.values('message-id')[0]);
  return Object.assign(
    { transaction: transaction.id, policyVersion: transaction.policy.version, facts },
    messageId === undefined ? {} : { messageId },
    session.facts.results(),
  );
};
