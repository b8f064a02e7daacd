import type { Decision, Verdict } from '../policy/decision.ts';
import type { Reply } from '../policy/reply.ts';
import { REPLIES } from './replies.ts';

/** What a verdict means to the client: go on as if nothing were said, or a reply and perhaps the end of the connection. */
export type Outcome =
  | { readonly kind: 'go on' }
  | { readonly kind: 'refuse'; readonly reply: Reply; readonly disconnect: boolean }
  /** 250 to the client; the message goes nowhere, or is kept apart. */
  | { readonly kind: 'discard' }
  | { readonly kind: 'quarantine'; readonly reason: string };

const GO_ON: Outcome = { kind: 'go on' };

/**
 * The one table of verdict and hook. `accept` ends the hook and grants nothing, so it reads like «none»;
 * at `rcpt` «none» without a grant cannot come from the judge, and is refused should it ever.
 * `discard` and `quarantine` mean something only once there is a message.
 */
export function outcomeOf(decision: Decision): Outcome {
  switch (decision.verdict) {
    case 'none':
    case 'accept':
      return decision.hook === 'rcpt' && decision.grant === undefined ? refuse(REPLIES.relayDenied, false) : GO_ON;
    case 'reject':
    case 'defer':
      return refuse(replyOf(decision), decision.disconnect || decision.code === 421);
    case 'disconnect':
      return refuse(REPLIES.closing, true);
    case 'discard':
      return { kind: 'discard' };
    case 'quarantine':
      return { kind: 'quarantine', reason: decision.reason };
  }
}

const refuse = (reply: Reply, disconnect: boolean): Outcome => ({ kind: 'refuse', reply, disconnect });

const replyOf = ({ code, enhanced, text }: Extract<Verdict, { verdict: 'reject' | 'defer' }>): Reply => ({ code, enhanced, text });

/** Line breaks are the wire's own; nothing that came from outside may add one (RFC 5321 4.2). */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** 512 octets with code, longest enhanced code and CR LF (RFC 5321 4.5.3.1.5). */
const TEXT_OCTETS = 496;

/** Room for the text as UTF-8; what does not fit is left out, no character in part. */
const room = new Uint8Array(TEXT_OCTETS);
const utf8 = new TextEncoder();

const clean = (text: string): string => {
  const line = text.replace(CONTROL, ' ');
  return line.length * 3 <= TEXT_OCTETS ? line : line.slice(0, utf8.encodeInto(line, room).read);
};

/** A reply on the wire, one line. RFC 2034 4 gives 3yz no enhanced code. */
export const renderReply = ({ code, enhanced, text }: Reply): string =>
  code >= 300 && code < 400 ? `${code} ${clean(text)}\r\n` : `${code} ${enhanced} ${clean(text)}\r\n`;

/** Lines without enhanced codes: the greeting and the answer to EHLO (RFC 2034 4). */
export const renderPlain = (code: number, lines: readonly string[]): string =>
  lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${clean(line)}\r\n`).join('');
