import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { type Hook, hookOrder } from '../../hook.ts';
import type { LimitSyntax, RuleSyntax } from '../../syntax.ts';
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

/** First and last hook at which the thing counted passes by once, or its number is known. */
const HOOKS: Readonly<Record<LimitSyntax['count'], readonly [Hook, Hook]>> = {
  connections: ['connect_init', 'auth'],
  messages: ['mail', 'queue'],
  recipients: ['rcpt', 'queue'],
  bytes: ['data_post', 'queue'],
};

const checkRule = ({ on, limit }: RuleSyntax): readonly Diagnostic[] => {
  if (limit === null) return [];
  const [first, last] = HOOKS[limit.count];
  const fits = hookOrder(on) >= hookOrder(first) && hookOrder(on) <= hookOrder(last);
  if (fits && !(limit.count === 'messages' && on === 'rcpt')) return [];
  const help =
    limit.count === 'messages' ? 'Count messages at mail, data, data_post or queue.' : `Count ${limit.count} from ${first} to ${last}.`;
  return [diagnose('RLY4010', limit.at, { message: `${limit.count} cannot be counted at ${on}`, help })];
};
