import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { competingVerdicts } from '../verdicts.ts';

export const twoVerdicts: LintCheck = {
  name: 'two-verdicts',
  codes: ['RLY3009'],
  doc: 'A rule has at most one verdict.',
  avoid: `
rules:
  - { id: a, on: helo, when: { helo.name: localhost }, then: [{ reject: "550 5.7.1 no" }, { defer: "450 4.7.1 later" }] }
  - { id: b, on: helo, when: { helo.name: home }, then: { accept: true, disconnect: true } }
`,
  prefer: `
rules:
  - { id: a, on: helo, when: { helo.name: localhost }, then: [{ log: "refused" }, { reject: "550 5.7.1 no" }] }
`,
  check: ({ files }) => files.flatMap((file) => file.rules).flatMap(checkRule),
};

/** `disconnect` goes with a refusal, or alone. */
const CLOSES_AFTER: ReadonlySet<string> = new Set(['reject', 'defer']);

const checkRule = (rule: RuleSyntax): readonly Diagnostic[] => {
  const [first, ...others] = competingVerdicts(rule);
  if (first === undefined) return [];
  const unheard = CLOSES_AFTER.has(first.action) ? [] : rule.actions.filter(({ action }) => action === 'disconnect');
  return [...others, ...unheard].map(({ action, at }) =>
    diagnose('RLY3009', at, {
      message: `${action} never runs: ${first.action} is already the verdict of ${rule.id}`,
      help: 'Keep one of them, or split the rule into two with different conditions.',
      related: [{ at: first.at, message: 'the verdict' }],
    }),
  );
};
