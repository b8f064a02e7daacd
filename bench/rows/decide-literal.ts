import { byDomain, deciding } from '../policy/deciding.ts';
import type { Row } from '../row.ts';

const DOMAINS = Array.from({ length: 10_000 }, (_, n) => `d${n}.example`);

export const row: Row = {
  name: 'a decision at rcpt, 10,000 rules told apart by a literal',
  unit: 'us of CPU a decision',
  better: 'lower',
  run: async (rounds) =>
    deciding(
      DOMAINS.map((domain) => `{ recipient.domain: ${domain} }`),
      byDomain(new Set(DOMAINS)),
      50_000,
      rounds,
    ),
};
