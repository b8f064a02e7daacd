import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { inboundSessions } from '../sessions/inbound.ts';
import type { Played } from '../sessions/play.ts';
import { type Rehearsal, rehearsalOf } from '../sessions/rehearsal.ts';

export const bounces: LintCheck = {
  name: 'bounces',
  codes: ['RLY4034', 'RLY4035'],
  doc: 'Mail with the null sender is refused or delayed no sooner than other mail.',
  avoid: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: no-sender, on: mail, when: { sender.null: true }, unless: [{ spf.result: pass }], then: reject }
  - { id: greylisted, on: rcpt, then: greylist }
---
grants:
  - { id: other, when: { recipient.domain: example.org } }
rules:
  - { id: also, on: rcpt, when: { sender.address: { exists: false }, recipient.domain: example.org }, then: reject }
`,
  prefer: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: one-recipient, on: rcpt, when: { sender.null: true, recipient.index: { gte: 1 } }, then: reject }
  - { id: greylisted, on: rcpt, when: { sender.null: false }, then: greylist }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    if (rehearsal === null) return [];
    const found = new Map<string, Diagnostic>();
    for (const grant of rehearsal.grants)
      for (const { traits } of inboundSessions(grant, rehearsal))
        for (const [name, diagnostic] of checkBounce(rehearsal.play({ ...traits, sender: null }), rehearsal)) found.set(name, diagnostic);
    return [...found.values()];
  },
};

/** What is wrong with the treatment of a delivery notice, by the rule that brings it about. */
const checkBounce = (bounce: Played | null, rehearsal: Rehearsal): readonly (readonly [string, Diagnostic])[] => {
  if (bounce === null) return [];
  const greylisting = rulesOf(bounce.greylisting, rehearsal).map((rule) => [rule.name, delayed(rule, 'greylists')] as const);
  if (bounce.accepted || !('by' in bounce.decision)) return greylisting;
  const { verdict, by } = bounce.decision;
  const stopping = rulesOf([by], rehearsal).map(
    (rule) => [rule.name, verdict === 'defer' ? delayed(rule, 'defers') : refused(rule)] as const,
  );
  return [...greylisting, ...stopping];
};

const rulesOf = (names: readonly string[], { rules }: Rehearsal): readonly RuleSyntax[] => names.flatMap((name) => rules.get(name) ?? []);

const refused = ({ id, idAt }: RuleSyntax): Diagnostic =>
  diagnose('RLY4034', idAt, {
    message: `${id} refuses delivery notices: mail with the null sender`,
    help: 'Add sender.null: false to its when:. A null sender has no domain, and conditions on an absent fact are false.',
  });

const delayed = ({ id, idAt }: RuleSyntax, does: string): Diagnostic =>
  diagnose('RLY4035', idAt, {
    message: `${id} ${does} delivery notices: mail with the null sender`,
    help: 'Add sender.null: false to its when:.',
  });
