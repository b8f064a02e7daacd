import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { attemptFacts } from '../../../src/delivery/conclude.ts';
import { IncomingMessage } from '../../../src/message/incoming.ts';
import { View } from '../../../src/policy/compile/view.ts';
import { factsChangedBy } from '../../../src/policy/decide/changes.ts';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { SessionFacts } from '../../../src/policy/decide/session.ts';
import type { FactDefinition, FactProvider } from '../../../src/policy/fact-definition.ts';
import { findFact, isFamily } from '../../../src/policy/facts/find.ts';
import { type FactName, facts } from '../../../src/policy/facts/index.ts';
import type { Services } from '../../../src/policy/services.ts';
import { type FactSource, type FactValue, Unknown } from '../../../src/policy/value.ts';
import { deliveryFacts } from '../../../src/transaction/delivery-facts.ts';
import { Draft } from '../../../src/transaction/draft.ts';
import { Session } from '../../../src/transaction/session.ts';
import { bindTransactionFacts, stateRecipient, stateRecipients } from '../../../src/transaction/session-facts.ts';
import type { SessionSettings } from '../../../src/transaction/settings.ts';
import { Transaction } from '../../../src/transaction/transaction.ts';
import { servicesWith } from '../../kit/lookups.ts';
import { compiled } from '../compiled.ts';

/* A fact names its provider; here each provider does its work, and has to come up with the facts that name it. */

const RULES = compiled(`
version: 1
grants:
  - { id: anybody, when: { recipient.address: { exists: true } } }
rules:
  - { id: a, on: rcpt, then: [{ set: { x-y: one } }, { tag: [t] }, { score: 3 }] }
`);

const settings: SessionSettings = {
  hostname: 'mx.example.com',
  limits: () => ({ messageSize: 1e6, headerSize: 1e5, recipients: 10, received: 10, hook: 1e3 }),
  policy: () => RULES,
  finder: () => ({ find: () => assert.fail('nothing is looked up here') }),
  queueId: () => 'q',
  send: () => assert.fail('nothing is sent here'),
  sign: () => assert.fail('nothing is signed here'),
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  decisions: () => undefined,
  now: () => 0,
};

const client = { ip: '192.0.2.1', port: 40_000 };
const server = { ip: '192.0.2.25', port: 25 };

const sessionAtRcpt = (): Session => {
  const session = new Session({ id: 'c', settings, listener: { name: 'mx', auth: 'none' }, client, server });
  const parameters = { size: 100, body: '7bit', smtputf8: false } as const;
  session.transaction = new Transaction('c.1', RULES, { sender: 'a@example.net', parameters });
  bindTransactionFacts(session);
  stateRecipient(session, 'user+tag@example.com', 0);
  return session;
};

const MESSAGE = 'From: a@example.net\r\nX-Y: 1\r\nReceived: from a\r\n\r\nbody\r\n';

const sessionAtMessage = async (): Promise<Session> => {
  const session = sessionAtRcpt();
  const { transaction } = session;
  assert.ok(transaction);
  transaction.add({ address: 'user+tag@example.com', grant: 'p/anybody' });
  stateRecipients(session);
  const incoming = new IncomingMessage({ headerSize: 1e5, bodies: { newBody: () => assert.fail('small messages need no file') } });
  await incoming.write(Buffer.from(MESSAGE));
  new Draft(session, transaction, await incoming.finish());
  return session;
};

const stateLeftByRules = (): FactSource => {
  const session = sessionAtRcpt();
  const decision = decide(RULES, 'rcpt', { 'recipient.address': 'a@example.com' });
  session.facts.take(decision);
  const granted = decision.grant === undefined ? undefined : [decision.grant];
  return { get: (fact) => (fact === 'grant' ? granted : session.facts.get(fact)) };
};

const afterAttempt = (): FactSource => {
  const report = { code: 250, enhanced: '2.0.0', text: 'ok', remote: '', at: 0 };
  const recipient = {
    address: 'a@d.example',
    grant: 'g',
    status: 'open',
    attempts: 0,
    nextAttempt: 0,
    delayNoticed: false,
    last: null,
  } as const;
  const origin = { transaction: 'c.1', policyVersion: 'v', facts: {}, results: {}, tags: [], score: 0, skipped: [] };
  const envelope = { sender: '', body: '7bit', smtputf8: false } as const;
  const record = {
    id: 'q',
    arrived: 0,
    expires: 1,
    size: 1,
    envelope,
    origin,
    recipients: [recipient],
    state: 'queued',
    reason: '',
  } as const;
  const stated = deliveryFacts(record, recipient, 0);
  for (const [name, value] of Object.entries(attemptFacts('d.example', report))) stated.set('recipient', name, value);
  return stated;
};

const answer = <T>(value: T): Promise<T> => Promise.resolve(value);

/** Answers what the services of this list are asked; those it does not know have nobody to ask. */
const answering = servicesWith({
  dns: {
    reverse: () => answer(['mx.example.net']),
    addresses: () => answer([client.ip]),
    mx: () => answer([{ preference: 10, exchange: 'mx.example.net' }]),
    txt: () => answer(['text']),
  },
  blocklists: { check: () => answer(['listed']) },
  mail: {
    spf: () => answer('pass'),
    dkim: () => answer({ result: 'pass', domains: ['example.net'] }),
    dmarc: () => answer({ result: 'pass', policy: 'reject' }),
    arc: () => answer('none'),
  },
  content: { text: () => answer('body'), html: () => answer('<p>body'), attachments: () => answer([{ name: 'a.txt' }]) },
});

/** Calls back whenever one of them is turned to. */
const services = (asked: () => void): Services =>
  new Proxy(answering, {
    get: (target, name, receiver) => {
      asked();
      return Reflect.get(target, name, receiver);
    },
  });

const firstOf = (...sources: readonly FactSource[]): FactSource => ({
  get: (fact) => sources.map((source) => source.get(fact)).find((value) => value !== undefined),
});

const nameOf = (fact: FactDefinition): string => fact.name.replace(/<.*$/, 'x-y');

const lookedUp = async (fact: FactDefinition, given: FactSource): Promise<FactValue | undefined> => {
  let questions = 0;
  const context = { name: nameOf(fact), facts: given, services: services(() => questions++), signal: new AbortController().signal };
  const value = await fact.lookUp?.(context).catch((error: unknown) => new Unknown(String(error)));
  return questions === 0 ? undefined : value;
};

const stated = firstOf(sessionAtRcpt().facts, (await sessionAtMessage()).facts);

/** Nothing but the provider's own work: what it comes to for one of its facts, `undefined` if nothing. */
const PROVIDERS: Readonly<Record<FactProvider, (fact: FactDefinition) => FactValue | undefined | Promise<FactValue | undefined>>> = {
  session: (fact) => stated.get(nameOf(fact)),
  message: (fact) => (fact.lookUp === undefined ? stated.get(nameOf(fact)) : lookedUp(fact, stated)),
  lookup: async (fact) => (await lookedUp(fact, stated)) ?? lookedUp(fact, new View(stated)),
  rules: (fact) => {
    const before = new SessionFacts().get(nameOf(fact));
    const value = stateLeftByRules().get(nameOf(fact));
    return JSON.stringify(value) === JSON.stringify(before) ? undefined : value;
  },
  delivery: (fact) => afterAttempt().get(nameOf(fact)),
  derived: (fact) => new View(stated).get(nameOf(fact)),
};

suite('facts and their providers', () => {
  for (const fact of facts.values())
    test(`${fact.name} is provided by: ${fact.provider}`, async () => {
      assert.notEqual(await PROVIDERS[fact.provider](fact), undefined, `nobody provides ${fact.name}`);
    });

  test('a fact without a provider is detected', async () => {
    const { type, doc, example } = facts.get('listener') ?? assert.fail('there is a fact `listener`');
    const shape = { name: 'client.country', type, doc, example, collection: false, from: 'connect', lifetime: 'connection' } as const;
    const scaffolded: readonly FactDefinition[] = [
      { ...shape, provider: 'session' },
      { ...shape, provider: 'message' },
      { ...shape, provider: 'rules' },
      { ...shape, provider: 'delivery' },
      { ...shape, provider: 'derived', derive: () => undefined },
    ];
    for (const fact of scaffolded) assert.equal(await PROVIDERS[fact.provider](fact), undefined, fact.provider);
  });

  const EDITS = [
    'rewrite_sender',
    'rewrite_recipient',
    'add_recipient',
    'redirect_to',
    'rdns',
    'add_header',
    'replace_header',
    'remove_header',
  ] as const;
  for (const effect of EDITS)
    test(`what ${effect} changes is marked as changed by rules`, () => {
      const changed = factsChangedBy({ effect, name: 'Subject' });
      assert.ok(changed.length > 0);
      for (const fact of changed) assert.notEqual(findFact(fact)?.changedByRules, undefined, fact);
    });

  test('only facts that rules set directly are marked as such', () => {
    for (const fact of facts.values()) assert.equal(fact.changedByRules === 'at once', fact.provider === 'rules', fact.name);
  });

  test('the FactName type covers every defined name', () => {
    const names: readonly FactName[] = ['client.ip', 'recipients.count', 'header.x-y'];
    for (const name of names) assert.ok(findFact(name), name);
    // @ts-expect-error there is no such fact
    const none: FactName = 'client.ipp';
    assert.equal(findFact(none), null);
  });

  test('no family is kept with queued mail', () => {
    for (const fact of facts.values()) assert.ok(!(fact.keptWithMail && isFamily(fact)), fact.name);
  });
});
