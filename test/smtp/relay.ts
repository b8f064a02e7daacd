import type { TestContext } from 'node:test';
import type { Finder } from '../../src/policy/decide/settle.ts';
import type { Limits } from '../../src/smtp/limits.ts';
import { RelayServer } from '../../src/smtp/server.ts';
import type { SessionEvent } from '../../src/smtp/session-event.ts';
import type { ListenerSettings, RelayServerSettings } from '../../src/smtp/settings.ts';
import type { DecisionEntry } from '../../src/transaction/decision-entry.ts';
import type { AcceptedMessage, Log, SendEffect } from '../../src/transaction/settings.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { compiled } from '../policy/compiled.ts';

/** Grants everything to example.com, and nothing else. */
export const OPEN_DOMAIN = `
version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
`;

export const LIMITS: Limits = {
  messageSize: 1024 * 1024,
  recipients: 10,
  connections: 100,
  connectionsPerIp: 50,
  connectionRatePerIp: 1000,
  errors: 10,
  commands: 1000,
  authFailures: 3,
  authFailuresPerIp: 10,
  authFailuresPerUser: 20,
  commandLine: 2048,
  headerSize: 64 * 1024,
  received: 5,
  // Deadlines that no loaded machine reaches by itself: tests of deadlines set their own.
  idle: 60_000,
  session: 300_000,
  hook: 20_000,
  minDataRate: 500,
  handshake: 30_000,
  idleUnderStress: 30_000,
  memory: null,
};

interface LogLine {
  readonly level: keyof Log;
  readonly fields: object;
  readonly text: string;
}

/** A running server on a port of its own, with the mail it accepted and what it said beside. */
export interface TestRelay {
  readonly server: RelayServer;
  readonly address: string;
  readonly accepted: AcceptedMessage[];
  readonly sent: SendEffect[];
  readonly decisions: DecisionEntry[];
  readonly events: SessionEvent[];
  readonly logged: LogLine[];
  readonly files: TestBodyFiles;
  readonly connect: () => Promise<SmtpClient>;
}

export interface TestRelayOptions extends Partial<Omit<RelayServerSettings, 'listeners' | 'limits' | 'policy'>> {
  /** A policy file; replaced at any time by assigning `current`. */
  readonly policy?: string;
  readonly policies?: () => ReturnType<typeof compiled>;
  readonly limits?: Partial<Limits>;
  readonly listener?: Partial<ListenerSettings>;
}

const NOTHING_FOUND: Finder = { find: (need) => Promise.reject(new Error(`nobody said what ${need.name} is`)) };

/** Runs a relay for one test, and ends it with the test. */
export const testRelay = async (test: TestContext, options: TestRelayOptions = {}): Promise<TestRelay> => {
  const { policy: text, policies, limits, listener, ...overrides } = options;
  const policy = compiled(text ?? OPEN_DOMAIN);
  const files = await testBodyFiles();
  const events: SessionEvent[] = [];
  const [accepted, sent, decisions, logged]: [AcceptedMessage[], SendEffect[], DecisionEntry[], LogLine[]] = [[], [], [], []];
  const log = (level: keyof Log) => (fields: object, line: string) => void logged.push({ level, fields, text: line });
  let ids = 0;
  const server = new RelayServer({
    hostname: 'relay.example.net',
    listeners: [{ name: 'mx', address: { host: '127.0.0.1', port: 0 }, tls: 'none', auth: 'none', ...listener }],
    limits: () => ({ ...LIMITS, ...limits }),
    memory: () => Number.POSITIVE_INFINITY,
    shed: () => undefined,
    plaintextAuth: () => false,
    greetingPause: () => 0,
    trustsProxy: () => false,
    tls: () => null,
    asksClientCertificate: () => false,
    policy: policies ?? (() => policy),
    finder: () => NOTHING_FOUND,
    bodies: files,
    queueId: () => `id${++ids}`,
    accept: async (message) => void accepted.push(message),
    send: (mail) => void sent.push(mail),
    sign: async () => [],
    authenticate: null,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    decisions: (_, entry) => void decisions.push(entry()),
    events: (event) => void events.push(event),
    now: Date.now,
    ...overrides,
  });
  const [bound] = await server.open();
  const clients: SmtpClient[] = [];
  test.after(async () => {
    for (const client of clients) client.destroy();
    await server.close(0);
    await files.remove();
  });
  const address = bound?.address ?? '';
  const connect = async (): Promise<SmtpClient> => {
    const client = await SmtpClient.connect(address);
    clients.push(client);
    return client;
  };
  return { server, address, accepted, sent, decisions, events, logged, files, connect };
};

/** Greeted, and introduced with EHLO. */
export const introduced = async (relay: TestRelay): Promise<SmtpClient> => {
  const client = await relay.connect();
  await client.reply();
  await client.ask('EHLO client.example.org');
  return client;
};

/** A whole transaction; the reply to the final dot, or the first that refused. */
export const submit = async (client: SmtpClient, message: string, recipient = 'rcpt@example.com'): Promise<string> => {
  for (const line of ['MAIL FROM:<sender@example.org>', `RCPT TO:<${recipient}>`, 'DATA']) {
    const reply = await client.ask(line);
    if (reply.code >= 400) return reply.text;
  }
  client.raw(`${message}\r\n.\r\n`);
  return (await client.reply()).text;
};

/** The bytes as they went into the queue. */
export const contentText = (message: AcceptedMessage | undefined): string => {
  const body = message?.content.body;
  return `${message?.content.header.toString()}${body?.kind === 'inline' ? body.bytes.toString() : ''}`;
};
