import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factAtHook } from '../fact-at-hook.ts';

export const limitKey: LintCheck = {
  name: 'limit-key',
  codes: ['RLY3008'],
  doc: 'The facts in the key of a limit are known when it counts.',
  avoid: `
rules:
  - { id: a, on: connect, limit: { key: [sender.domain], count: connections, max: 3, per: 1m }, then: defer }
`,
  prefer: `
rules:
  - { id: a, on: connect, limit: { key: [client.net], count: connections, max: 3, per: 1m }, then: defer }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap(checkLimit),
};

const checkLimit = (rule: RuleSyntax): readonly Diagnostic[] =>
  (rule.limit?.key ?? []).flatMap(({ fact, at }) => {
    const answer = factAtHook(fact, rule.on);
    if (answer.known) return [];
    const help = `It is known ${answer.where}; here all events would share one counter.`;
    return [diagnose('RLY3008', at, { message: `${fact} is not known at ${rule.on}`, help })];
  });
