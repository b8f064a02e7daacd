import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { Hook } from '../../hook.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { isUnconditional } from '../guarded.ts';
import { endsHook, verdictOf } from '../verdicts.ts';

export const deadRule: LintCheck = {
  name: 'dead-rule',
  codes: ['RLY4001'],
  doc: 'No rule follows one that always ends the hook.',
  avoid: `
rules:
  - { id: everybody, on: helo, then: accept }
  - { id: never, on: helo, when: { helo.name: localhost }, then: reject }
`,
  prefer: `
rules:
  - { id: some, on: helo, when: { helo.name: localhost }, then: reject }
  - { id: everybody, on: helo, then: accept }
`,
  check: ({ files }) => {
    const ended = new Map<Hook, RuleSyntax>();
    const found: Diagnostic[] = [];
    for (const rule of files.flatMap((file) => file.rules)) {
      const end = ended.get(rule.on);
      if (end !== undefined) found.push(dead(rule, end));
      else if (isUnconditional(rule) && endsHook(rule)) ended.set(rule.on, rule);
    }
    return found;
  },
};

const dead = (rule: RuleSyntax, end: RuleSyntax): Diagnostic =>
  diagnose('RLY4001', rule.idAt, {
    message: `${rule.id} never runs: ${end.name} always ends ${rule.on} first`,
    help: `Move it before ${end.name}, or give ${end.name} a when:.`,
    related: [{ at: end.idAt, message: `${verdictOf(end)?.action ?? 'a verdict'} without a condition` }],
  });
