import type { DeliveryReport } from '../queue/message.ts';
import type { LossReason } from './client/lost.ts';
import type { RecipientReply, Stage } from './client/transaction.ts';
import { harmless, parseReply, type ServerReply } from './reply.ts';

/**
 * How one attempt went for one recipient, before hooks and schedule have their say. `duty` tells who
 * reports success if the sender asked (RFC 3461 5.2): `passed` to the next hop, `relayed` to one that cannot,
 * or `final`, delivered for good.
 */
export type RecipientResult =
  | { readonly result: 'delivered'; readonly duty: 'passed' | 'relayed' | 'final'; readonly report: DeliveryReport }
  /** `tooMany`: the next hop takes no more recipients in this transaction, but maybe in the next. */
  | {
      readonly result: 'deferred';
      readonly report: DeliveryReport;
      readonly elsewhere: boolean;
      readonly tooMany?: true;
      readonly stage?: Stage;
    }
  | { readonly result: 'failed'; readonly report: DeliveryReport };

export type Deferred = Extract<RecipientResult, { result: 'deferred' }>;
export type Delivered = Extract<RecipientResult, { result: 'delivered' }>;

/** What is reported besides the reply itself. */
export interface Circumstances {
  /** Host that answered, or the one that was tried. */
  readonly remote: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What the host said, on one line; left out where it said nothing about the message. */
  readonly reply?: string;
}

/** RFC 3463: what our own trouble with a next hop is called. */
const STATUS_OF_LOSS: Readonly<Record<LossReason, string>> = {
  unreachable: '4.4.1',
  timeout: '4.4.2',
  closed: '4.4.2',
  tls: '4.7.5',
  protocol: '4.5.0',
  login: '4.7.8',
  local: '4.3.0',
};

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  mail: 'at MAIL',
  rcpt: 'at RCPT',
  data: 'at DATA',
  content: 'while the message was sent',
  dot: 'after the final dot; it may have arrived all the same',
};

/** An error of our own finding, as a report. `elsewhere`: another host of the destination may do better. */
export const deferral = (enhanced: string, text: string, circumstances: Circumstances, elsewhere = false): Deferred => ({
  result: 'deferred',
  report: { code: 451, enhanced, text: harmless(text), ...circumstances },
  elsewhere,
});

/** A failure of our own finding: no such domain, no way to send it there. */
export const failure = (enhanced: string, text: string, circumstances: Circumstances): RecipientResult => ({
  result: 'failed',
  report: { code: 550, enhanced, text: harmless(text), ...circumstances },
});

/** What is known of a connection that was lost; `reply` is what the next hop said last. */
export interface Loss {
  readonly reason: LossReason;
  readonly message: string;
  readonly reply: string | null;
}

/** A next hop that could not be talked to does not fail a message, whatever code it gave in parting (RFC 5321 3.8, 4.2.1). */
export const lossResult = (lost: Loss, stage: Stage | null, circumstances: Circumstances): RecipientResult => {
  const where = stage === null ? '' : ` ${STAGE_NAMES[stage]}`;
  const reply = lost.reply === null || /^[23]/.test(lost.reply) ? null : harmless(lost.reply);
  const said = reply === null ? circumstances : { ...circumstances, reply };
  const text = `${lost.message}${where}${reply === null ? '' : `; it said: ${reply}`}`;
  return deferral(STATUS_OF_LOSS[lost.reason], text, said, stage !== 'dot' && lost.reason !== 'local');
};

/** A host that greets with 521 takes no mail, and never will (RFC 7504 3); `null` for any other loss. Counts where every host of a destination says so. */
export const maillessResult = ({ reply }: Loss, circumstances: Circumstances): RecipientResult | null => {
  if (reply === null || !/^521\b/.test(reply)) return null;
  const { verbatim, ...parsed } = parseReply(reply);
  return { result: 'failed', report: { ...parsed, reply: verbatim, quoted: true, ...circumstances } };
};

/** What a reply means. 2xx counts after the final dot alone; 4xx defers, 5xx fails; anything else is no valid reply, and defers (RFC 5321 4.2.1). */
export const replyResult = (answer: RecipientReply, duty: Delivered['duty'], circumstances: Circumstances): RecipientResult => {
  if ('lost' in answer) return lossResult(answer.lost, answer.stage, circumstances);
  const { verbatim, ...reply } = parseReply(answer.reply);
  const report = { ...reply, reply: verbatim, quoted: true, ...circumstances } as const;
  if (answer.stage === 'dot' && reply.code >= 200 && reply.code < 300) return { result: 'delivered', duty, report };
  if (answer.stage === 'rcpt' && isTooMany(reply)) return { result: 'deferred', report: asTooMany(report), elsewhere: true, tooMany: true };
  if (isPermanent(reply)) return { result: 'failed', report };
  const { stage } = answer;
  if (reply.code >= 400 && reply.code < 500) return { result: 'deferred', report, elsewhere: true, stage };
  const unexpected = deferral('4.5.0', `unexpected reply: ${reply.code} ${reply.text}`, { ...circumstances, reply: verbatim }, true);
  return { ...unexpected, stage };
};

/** RFC 5321 4.5.3.1.10: 452, from some 552. One that says what else it means (x.2.2, a full mailbox) means that. */
const isTooMany = ({ code, enhanced }: Pick<ServerReply, 'code' | 'enhanced'>): boolean =>
  (code === 452 && !enhanced.startsWith('4.2.')) || (code === 552 && (enhanced === '5.0.0' || enhanced === '5.5.3'));

const asTooMany = (report: DeliveryReport): DeliveryReport => (report.code === 452 ? report : { ...report, code: 452, enhanced: '4.5.3' });

/** 503 tells that the session was in a wrong state, not that this message is unwelcome. */
const isPermanent = ({ code }: Pick<ServerReply, 'code'>): boolean => code >= 500 && code < 600 && code !== 503;
