import type { Reply } from '../policy/reply.ts';
import type { Refusal } from '../transaction/outcome.ts';
import { renderPlain, renderReply } from './reply.ts';

/** The reply to the client, ready for the wire, and what the connection does next. */
export interface Answer {
  readonly code: number;
  readonly text: string;
  readonly next: 'go on' | 'close' | 'message' | 'tls';
  /** For a refusal: the rule, or whatever else decided it. */
  readonly by?: string;
}

export const answer = (reply: Reply, next: Answer['next'] = 'go on'): Answer => ({ code: reply.code, text: renderReply(reply), next });

/** The greeting and the answer to EHLO have no enhanced codes (RFC 2034 4). */
export const plainAnswer = (code: number, lines: readonly string[]): Answer => ({ code, text: renderPlain(code, lines), next: 'go on' });

/** 334 and what the mechanism says, in base64 (RFC 4954 4). */
export const challenge = (text: string): Answer => ({ code: 334, text: `334 ${text}\r\n`, next: 'go on' });

export const refusal = ({ reply, disconnect, by }: Refusal): Answer => ({ ...answer(reply, disconnect ? 'close' : 'go on'), by });
