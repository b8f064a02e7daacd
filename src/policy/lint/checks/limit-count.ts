import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { COUNTED_AT } from '../../limit-count.ts';
import { listed } from '../../suggest.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const limitCount: LintCheck = {
  name: 'limit-count',
  codes: ['RLY4010'],
  doc: 'A limit counts at a hook that runs once for each event it counts.',
  avoid: `
rules:
  - { id: a, on: rcpt, limit: { key: [client.net], count: connections, max: 3, per: 1m }, then: defer }
  - { id: b, on: mail, limit: { key: [client.net], count: bytes, max: 3000, per: 1m }, then: defer }
`,
  prefer: `
rules:
  - { id: a, on: connect, limit: { key: [client.net], count: connections, max: 3, per: 1m }, then: defer }
  - { id: b, on: data_post, limit: { key: [client.net], count: bytes, max: 3000, per: 1m }, then: defer }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap(checkRule),
};

const checkRule = ({ on, limit }: RuleSyntax): readonly Diagnostic[] => {
  if (limit === null || COUNTED_AT[limit.count].includes(on)) return [];
  const help = `Count ${limit.count} at ${listed(COUNTED_AT[limit.count])}.`;
  return [diagnose('RLY4010', limit.at, { message: `${limit.count} cannot be counted at ${on}`, help })];
};
