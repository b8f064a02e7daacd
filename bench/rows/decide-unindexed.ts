import { RE2JS } from 're2js';
import { byDomain, deciding, type Given } from '../policy/deciding.ts';
import type { Row } from '../row.ts';

const PAIRS = 100;

const EXPRESSIONS = Array.from({ length: PAIRS }, (_, n) => `^spam${n}[0-9]+$`);

const conditions = EXPRESSIONS.flatMap((expression, n) => [
  `{ recipient.index: { gt: ${n + 10} } }`,
  `{ recipient.local: { matches: "${expression}" } }`,
]);

/** The same expressions and comparisons, one after the other. */
const byHand = (): ((given: Given) => unknown) => {
  const regexes = EXPRESSIONS.map((expression) => RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE));
  const accept = byDomain(new Set());
  return (given) => {
    const index = Number(given['recipient.index']);
    const local = String(given['recipient.address']).toLowerCase().split('@')[0] ?? '';
    for (let n = 0; n < PAIRS; n++) if (index > n + 10 || regexes[n]?.test(local) === true) return { verdict: 'reject', code: 550 };
    return accept(given);
  };
};

export const row: Row = {
  name: 'a decision at rcpt, 200 rules that no index fits',
  unit: 'us of CPU a decision',
  better: 'lower',
  run: async (rounds) => deciding(conditions, byHand(), 2000, rounds),
};
