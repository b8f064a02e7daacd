import type { ActionContext, CompiledAction } from '../definition.ts';
import type { Json, JsonSchema } from '../json.ts';
import { parseReply, REPLY_PATTERN, type Refusal } from '../parse-reply.ts';
import { text } from './argument.ts';

/** A reply, or its code alone; `${fact}` in its text is filled in. */
export const replyArgument = (refusal: Refusal): JsonSchema => {
  const digit = refusal === 'reject' ? 5 : 4;
  return {
    type: ['string', 'integer'],
    pattern: REPLY_PATTERN,
    minimum: 200,
    maximum: 599,
    description: `The reply, \`"${digit}50 ${digit}.7.1 text"\`; enhanced code and text are optional, and \`\${fact}\` in the text is expanded`,
  };
};

/** RFC 5321 4.5.3.1.5: a reply line has at most 512 octets, code and CRLF included. */
const LONGEST_TEXT = 450;

/** Of a UTF-16 code unit in UTF-8. */
const MOST_OCTETS = 3;

const encoder = new TextEncoder();

/** As many whole characters as a reply line has room for. */
const fitting = (text: string): string =>
  MOST_OCTETS * text.length <= LONGEST_TEXT ? text : text.slice(0, encoder.encodeInto(text, new Uint8Array(LONGEST_TEXT)).read);

/** RFC 5321 3.8, RFC 7504 3: these codes announce that the connection closes. */
const CLOSING: readonly number[] = [421, 521];

/** Throws `PolicyError` on a reply that does not fit the verdict. */
export const refuse = (argument: Json, refusal: Refusal, { hook, template }: ActionContext): CompiledAction => {
  const { code, enhanced, text: written } = parseReply(argument === null ? '' : text(argument), refusal, hook);
  const textOf = template(written);
  const disconnect = CLOSING.includes(code);
  return {
    does: 'verdict',
    verdict: refusal,
    make: (facts) => ({ verdict: refusal, code, enhanced, text: fitting(textOf(facts)), disconnect }),
  };
};
