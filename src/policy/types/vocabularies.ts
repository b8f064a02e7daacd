import type { ValueType } from '../definition.ts';

/** A value type with a fixed set of words; compared without case, written as given here. */
const vocabulary = (name: string, doc: string, words: readonly string[]): ValueType => {
  const known = new Map(words.map((word) => [word.toLowerCase(), word]));
  return {
    name,
    doc,
    literal: { enum: [...words], description: `One of ${words.map((word) => `\`${word}\``).join(', ')}` },
    normalize: (value) => known.get(String(value).toLowerCase()) ?? null,
    ordered: false,
    textual: false,
    lists: [],
  };
};

export const arcResult: ValueType = vocabulary('arc-result', 'The state of the ARC chain (RFC 8617 4.4).', ['pass', 'fail', 'none']);

export const dkimResult: ValueType = vocabulary('dkim-result', 'A DKIM result (RFC 8601 2.7.1). On a temperror, the fact is unknown.', [
  'pass',
  'fail',
  'neutral',
  'policy',
  'none',
  'permerror',
]);

export const dmarcPolicy: ValueType = vocabulary('dmarc-policy', 'What the domain of From asks receivers to do (RFC 7489 6.3).', [
  'none',
  'quarantine',
  'reject',
]);

export const dmarcResult: ValueType = vocabulary('dmarc-result', 'A DMARC result (RFC 7489 11.2). On a temperror, the fact is unknown.', [
  'pass',
  'fail',
  'none',
  'permerror',
]);

export const heloVerb: ValueType = vocabulary('helo-verb', 'How the client introduced itself (RFC 5321 4.1.1.1, RFC 2033).', [
  'HELO',
  'EHLO',
  'LHLO',
]);

export const spfResult: ValueType = vocabulary('spf-result', 'An SPF result (RFC 7208 2.6). On a temperror, the fact is unknown.', [
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'permerror',
]);

export const tlsVersion: ValueType = vocabulary('tls-version', 'A version of TLS.', ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
