import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf } from '../guarded.ts';
import { type Rehearsal, type RehearsedGrant, rehearsalOf } from '../sessions/rehearsal.ts';
import { namesUsers, userSessions } from '../sessions/users.ts';
import { verdictOf } from '../verdicts.ts';

export const anySender: LintCheck = {
  name: 'any-sender',
  codes: ['RLY4032'],
  doc: 'Users who log in send from their own address only.',
  avoid: `
grants:
  - { id: users, when: { auth.user: { exists: true }, tls.active: true } }
`,
  prefer: `
grants:
  - { id: users, when: { auth.user: { exists: true }, tls.active: true } }
  - { id: newsletter, when: { auth.user: newsletter } }
rules:
  - id: own-sender
    on: mail
    when: { auth.user: { exists: true, ne: newsletter } }
    unless: [{ sender.address: { same_as: auth.user } }]
    then: { reject: "553 5.7.1 Send from your own address" }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    if (rehearsal === null || site.files.some((file) => file.rules.some(comparesWithUser))) return [];
    return rehearsal.grants.filter((grant) => !namesUsers(grant)).flatMap((grant) => checkGrant(grant, rehearsal));
  },
};

/** A rule at the message looks after senders; which, cannot be told from here. */
const comparesWithUser = (rule: RuleSyntax): boolean =>
  ['data', 'data_post', 'queue'].includes(rule.on) &&
  rule.mode === 'enforce' &&
  verdictOf(rule) !== null &&
  factConditionsOf(rule).some(({ fact }) => fact === 'auth.user');

const checkGrant = (grant: RehearsedGrant, rehearsal: Rehearsal): readonly Diagnostic[] => {
  for (const { traits } of userSessions(grant, rehearsal)) {
    if (traits.sender === traits.user) continue;
    const { id, idAt } = grant.syntax;
    return [
      diagnose('RLY4032', idAt, {
        message: `${id} lets the user ${traits.user} send as ${traits.sender}`,
        help: 'Add sender.address: { same_as: auth.user } to it, or reject other senders at mail. Where users may send as others, list who may.',
      }),
    ];
  }
  return [];
};
