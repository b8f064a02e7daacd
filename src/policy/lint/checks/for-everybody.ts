import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { Hook } from '../../hook.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { holdsForEverybody } from '../everybody.ts';
import { verdictOf } from '../verdicts.ts';

export const forEverybody: LintCheck = {
  name: 'for-everybody',
  codes: ['RLY4043'],
  doc: 'No rule refuses, discards, holds or redirects all mail.',
  avoid: `
rules:
  - { id: sink, on: data_post, then: discard }
  - { id: review, on: queue, then: { redirect_to: review@example.com } }
`,
  prefer: `
rules:
  - { id: trusted, on: mail, when: { client.ip: 10.0.0.0/8 }, then: accept }
  - { id: others, on: mail, then: reject }
  - { id: sink, on: data_post, when: { header.x-test: { exists: true } }, then: discard }
`,
  check: ({ files }) => {
    const spared = new Set<Hook>();
    return files
      .flatMap((file) => file.rules)
      .flatMap((rule) => {
        const action = lossOf(rule);
        if (action !== null && !spared.has(rule.on) && isForAll(rule)) return [told(rule, action)];
        if (rule.actions.some(({ action: name }) => name === 'accept')) spared.add(rule.on);
        return [];
      });
  },
};

const LOSES: ReadonlySet<string> = new Set(['reject', 'defer', 'discard', 'quarantine', 'disconnect']);

/** What the rule does to the mail that meets it; `null` if it lets it pass. */
const lossOf = (rule: RuleSyntax): string | null => {
  const verdict = verdictOf(rule)?.action ?? '';
  if (LOSES.has(verdict)) return verdict;
  return rule.actions.some(({ action }) => action === 'redirect_to') ? 'redirect_to' : null;
};

const isForAll = ({ when, unless, limit, group, mode }: RuleSyntax): boolean =>
  limit === null && group === null && mode === 'enforce' && unless.length === 0 && (when === null || holdsForEverybody(when));

const told = ({ id, idAt, on }: RuleSyntax, action: string): Diagnostic =>
  diagnose('RLY4043', idAt, {
    message: `${id} applies ${action} to everything that reaches ${on}`,
    help: 'Say to what it applies in when:.',
  });
