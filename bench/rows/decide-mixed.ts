import { byDomain, deciding } from '../policy/deciding.ts';
import type { Row } from '../row.ts';

const KINDS: readonly ((n: number) => string)[] = [
  (n) => `{ recipient.domain: d${n}.example }`,
  (n) => `{ recipient.domain: { in: l${n % 50} } }`,
  (n) => `{ client.ip: 10.${n % 250}.${Math.floor(n / 250)}.0/24 }`,
  (n) => `{ recipient.domain: .d${n}.example }`,
  (n) => `{ sender.local: { starts_with: bounce-${n}- } }`,
  (n) => `{ recipient.domain: { ends_with: "-${n}.example" } }`,
  (n) => `{ sender.address: { glob: "*@*.n${n}.example" } }`,
];

/** The yardstick is the same as for literals: one look into a set. */
export const row: Row = {
  name: 'a decision at rcpt, 10,000 rules of seven kinds',
  unit: 'us of CPU a decision',
  better: 'lower',
  run: async (rounds) =>
    deciding(
      Array.from({ length: 10_000 }, (_, n) => KINDS[n % KINDS.length]?.(n) ?? ''),
      byDomain(new Set(['d0.example'])),
      20_000,
      rounds,
    ),
};
