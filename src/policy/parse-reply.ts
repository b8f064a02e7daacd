import { PolicyError } from './definition.ts';
import type { Hook } from './hook.ts';
import type { Reply } from './reply.ts';

export type Refusal = 'reject' | 'defer';

/** A reply as an author may write it: the code, the enhanced code, the text, the latter two if wanted. */
export const REPLY_PATTERN = '^\\d{3}(?: \\d\\.\\d{1,3}\\.\\d{1,3})?(?: [^\\n]*)?$';

const REPLY = /^(\d{3})(?: (\d\.\d{1,3}\.\d{1,3}))?(?: +(\S[\s\S]*))?$/;

const CLASS: Readonly<Record<Refusal, string>> = { reject: '5', defer: '4' };

/** Text of ours where the author gives none: bland, it says nothing of the rule. */
const TEXT: Readonly<Record<Refusal, string>> = { reject: 'Refused by local policy', defer: 'Not now, try again later' };

/** Enhanced codes that fit a code better than "policy" (RFC 5321 4.2.3, RFC 4954 6, RFC 3463 3). */
const ENHANCED: ReadonlyMap<number, string> = new Map([
  [421, '4.7.0'],
  [450, '4.2.0'],
  [452, '4.3.1'],
  [454, '4.7.0'],
  [501, '5.5.4'],
  [502, '5.5.1'],
  [503, '5.5.1'],
  [504, '5.5.4'],
  [521, '5.3.2'],
  [530, '5.7.0'],
  [535, '5.7.8'],
  [552, '5.3.4'],
  [553, '5.1.3'],
  [556, '5.1.10'],
]);

const BEFORE_GREETING: readonly Hook[] = ['connect_init', 'lookup_rdns', 'connect'];

/** RFC 5321 3.1: a server that will not serve says 554 in place of its greeting, or 421. RFC 4954 6: 535 or 454 to AUTH. */
const defaultCode = (refusal: Refusal, hook: Hook): number => {
  if (BEFORE_GREETING.includes(hook)) return refusal === 'reject' ? 554 : 421;
  if (hook === 'auth') return refusal === 'reject' ? 535 : 454;
  return refusal === 'reject' ? 550 : 451;
};

const enhancedFor = (code: number): string => ENHANCED.get(code) ?? `${Math.floor(code / 100)}.7.1`;

/**
 * A reply as written, its gaps filled: `550 5.6.0 text`, `550 text`, `550` or nothing. Throws `PolicyError`
 * when it is not a reply, when its class is not that of the verdict (RFC 5321 4.2.1), or when code and
 * enhanced code are of different classes (RFC 3463 2).
 */
export const parseReply = (written: string, refusal: Refusal, hook: Hook): Reply => {
  const [, digits, enhanced, text] = REPLY.exec(written.trim()) ?? [];
  if (digits === undefined && written.trim() !== '') throw noReply(written, refusal);
  const code = digits === undefined ? defaultCode(refusal, hook) : Number(digits);
  if (!String(code).startsWith(CLASS[refusal])) throw wrongClass(code, refusal);
  if (enhanced !== undefined && !enhanced.startsWith(CLASS[refusal])) throw disagreement(code, enhanced);
  return { code, enhanced: enhanced ?? enhancedFor(code), text: text?.trim() || TEXT[refusal] };
};

const noReply = (written: string, refusal: Refusal): PolicyError =>
  new PolicyError(
    'RLY1105',
    `${JSON.stringify(written)} is not a valid reply`,
    `Write \`"${CLASS[refusal]}50 ${CLASS[refusal]}.7.1 text"\`.`,
  );

const wrongClass = (code: number, refusal: Refusal): PolicyError =>
  new PolicyError(
    'RLY3004',
    `\`${refusal}\` cannot reply with ${code}`,
    `\`${refusal}\` answers ${CLASS[refusal]}xx: the client ${refusal === 'reject' ? 'gives up' : 'tries again'}. For ${code} use \`${refusal === 'reject' ? 'defer' : 'reject'}\`.`,
  );

const disagreement = (code: number, enhanced: string): PolicyError =>
  new PolicyError('RLY3005', `${code} and ${enhanced} contradict one another`, `Write ${String(code).slice(0, 1)}${enhanced.slice(1)}.`);
