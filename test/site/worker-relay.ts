import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { RelayStatus } from '../../src/site/control/protocol.ts';
import { requestStatus } from '../../src/site/control/requests.ts';
import { type NextHop, type NextHopOptions, nextHop } from '../kit/next-hop.ts';
import { type Files, type ServingProcess, serveProcess, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { relayPolicy } from './policies.ts';

/** `relayctl serve` with two workers, and where its mail goes. */
export interface RelayWithWorkers {
  readonly site: TempSite;
  readonly hop: NextHop;
  readonly served: ServingProcess;
  readonly address: string;
  readonly status: () => Promise<RelayStatus>;
}

export interface RelayWithWorkersOptions {
  /** Further rules. */
  readonly rules?: string;
  /** Further keys of the configuration. */
  readonly config?: string;
  readonly listener?: string;
  readonly files?: Files;
  readonly hop?: NextHopOptions;
}

export const workersConfig = (more = '', listener = '127.0.0.1:0'): string => `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "${listener}" }]
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
log: { level: silent, decisions: var/log/decisions.jsonl }
workers: 2
${more}`;

export const statusOf = async (site: TempSite): Promise<RelayStatus> => {
  const answer = await requestStatus(site.config);
  assert.ok(answer.kind === 'answered', 'the relay does not run');
  return answer.result;
};

/** Ready; everything is gone again when the test has ended. */
export const relayWithWorkers = async (t: TestContext, options: RelayWithWorkersOptions = {}): Promise<RelayWithWorkers> => {
  const hop = await nextHop(options.hop);
  const site = await tempSite({
    'config/relay.yaml': workersConfig(options.config ?? 'limits: { shutdown: 2s }\n', options.listener),
    'rules/10-relay.yaml': relayPolicy(hop.port, options.rules),
    ...options.files,
  });
  const served = await serveProcess(site);
  t.after(async () => {
    if (served.process.exitCode === null && served.process.signalCode === null) await served.stop();
    await hop.close();
    await site.remove();
  });
  const address = served.addresses.get('mx') ?? assert.fail('no listener mx');
  return { site, hop, served, address, status: () => statusOf(site) };
};

/** Greeted and introduced. Connections go to the workers in turn, so two of them are at both. */
export const connected = async (address: string): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(address);
  assert.equal((await client.reply()).code, 220);
  await client.ask('EHLO client.example.net');
  return client;
};

/** A message whose subject tells it from others; the reply to it. */
export const sendMail = async (client: SmtpClient, subject: string): Promise<string> => {
  const content = `From: eve@example.net\r\nSubject: ${subject}\r\n\r\nHello!\r\n.`;
  const replies = await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>', 'DATA', content);
  return replies.at(-1) ?? '';
};

/** Queue ids end with what tells processes apart. */
export const processOf = (reply: string): string => /queued as \w+(\w{8})$/.exec(reply)?.[1] ?? assert.fail(reply);

/** Subjects of what arrived, sorted. */
export const subjects = ({ received }: NextHop): readonly string[] =>
  received.map(({ content }) => /^Subject: (.*)\r$/m.exec(content.toString())?.[1] ?? '').sort();

export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
