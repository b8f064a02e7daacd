import { resolve } from 'node:path';
import type { MessageContent, RecipientState } from '../queue/message.ts';
import { endpointsFor } from './endpoints.ts';
import type { Job } from './job.ts';
import { deliverToMaildir } from './maildir.ts';
import { type AttemptResult, NetworkAttempt } from './network-attempt.ts';
import type { DeliveryParts } from './parts.ts';
import type { ConnectionPool } from './pool.ts';
import type { RecipientLimits } from './recipient-limits.ts';
import { deferral, type RecipientResult } from './result.ts';

export interface AttemptTools {
  readonly parts: DeliveryParts;
  readonly pool: ConnectionPool;
  readonly recipientLimits: RecipientLimits;
  readonly admitted: () => Promise<void>;
  /** Consecutive attempts that reached no host of this destination. */
  readonly misses: number;
}

/** Makes one attempt, for any kind of target. Never rejects: every recipient of the job gets a result. */
export const makeAttempt = (job: Job, content: MessageContent, tools: AttemptTools): Promise<AttemptResult> => {
  const { parts, pool, recipientLimits, admitted, misses } = tools;
  if (job.target.kind === 'discard') return Promise.resolve(forAll(job, delivered(parts.now(), 'discarded')));
  if (job.target.kind === 'maildir') return intoMaildir(resolve(parts.settings().root, job.target.path), job, { content, parts });
  const own = { pool, settings: parts.settings(), now: parts.now, recipientLimits, admitted };
  return overNetwork(job, new NetworkAttempt(job, content, own), { parts, misses });
};

const overNetwork = async (
  job: Job,
  network: NetworkAttempt,
  { parts, misses }: Pick<AttemptTools, 'parts' | 'misses'>,
): Promise<AttemptResult> => {
  const done = await network.overIdle();
  if (done) return done;
  const endpoints = await endpointsFor(job, parts, misses);
  return 'result' in endpoints ? forAll(job, endpoints) : network.overEndpoints(endpoints);
};

const delivered = (at: number, text: string): RecipientResult => ({
  result: 'delivered',
  duty: 'final',
  report: { code: 250, enhanced: '2.0.0', text, remote: '', at },
});

const forAll = (job: Job, result: RecipientResult): AttemptResult => ({
  results: new Map(job.recipients.map((recipient) => [recipient, result])),
  reached: true,
});

interface Delivering {
  readonly content: MessageContent;
  readonly parts: DeliveryParts;
}

const intoMaildir = async (folder: string, job: Job, { content, parts }: Delivering): Promise<AttemptResult> => {
  const results = new Map<RecipientState, RecipientResult>();
  for (const recipient of job.recipients) {
    const at = parts.now();
    const written = deliverToMaildir(folder, { sender: job.record.envelope.sender, recipient: recipient.address, content, at });
    const result = await written.then(
      (name) => delivered(at, `stored as ${name}`),
      (error: Error) => deferral('4.3.0', `maildir: ${error.message}`, { remote: '', at }),
    );
    results.set(recipient, result);
  }
  return { results, reached: true };
};
