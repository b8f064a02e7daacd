import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { memberOf } from '../../facts/find.ts';
import type { LintCheck, LintedSite } from '../check.ts';
import type { Played } from '../sessions/play.ts';
import { type Rehearsal, rehearsalOf } from '../sessions/rehearsal.ts';
import type { Traits } from '../sessions/session.ts';
import { userSessions } from '../sessions/users.ts';
import { reasoningOf } from '../values/reasoning.ts';
import { isDnsList } from '../values/site-words.ts';

export const reputationOfUsers: LintCheck = {
  name: 'reputation-of-users',
  codes: ['RLY4051'],
  doc: 'Rules on the reputation of an address do not turn away users who have logged in.',
  avoid: `
grants:
  - { id: users, when: { auth.user: { exists: true }, sender.address: { same_as: auth.user } } }
rules:
  - { id: listed, on: mail, when: { dnsbl.zen: pbl }, then: reject }
  - { id: greylisted, on: rcpt, when: { sender.null: false }, then: greylist }
`,
  prefer: `
grants:
  - { id: users, when: { auth.user: { exists: true }, sender.address: { same_as: auth.user } } }
rules:
  - { id: user, on: auth, when: { auth.user: { exists: true } }, then: { skip: strangers } }
  - { id: listed, on: mail, group: strangers, when: { dnsbl.zen: pbl }, then: reject }
  - { id: greylisted, on: rcpt, when: { sender.null: false, auth.user: { exists: false } }, then: greylist }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    if (rehearsal === null) return [];
    const found = new Map<string, Diagnostic>();
    for (const grant of rehearsal.grants)
      for (const { traits, played } of userSessions(grant, rehearsal)) {
        for (const name of played.greylisting) add(found, name, { rehearsal, what: 'greylists users who have logged in' });
        for (const [what, worse] of reputations(site)) {
          const turned = rehearsal.play({ ...traits, ...worse });
          if (turned !== null && isTurnedAway(turned))
            add(found, turned.decision.by, { rehearsal, what: `turns away users who have logged in ${what}` });
        }
        break;
      }
    return [...found.values()];
  },
};

/** After AUTH: before it nobody can know who the client is. */
const isTurnedAway = (played: Played): played is Played & { readonly decision: { readonly by: string } } =>
  !played.accepted && (played.hook === 'mail' || played.hook === 'rcpt') && 'by' in played.decision;

const add = (
  found: Map<string, Diagnostic>,
  name: string,
  { rehearsal, what }: { readonly rehearsal: Rehearsal; readonly what: string },
): void => {
  const rule = rehearsal.rules.get(name);
  if (rule === undefined || found.has(name)) return;
  const help = 'Add auth.user: { exists: false } to its when:, or skip its group at the hook auth.';
  found.set(name, diagnose('RLY4051', rule.idAt, { message: `${rule.id} ${what}`, help }));
};

/** How the address of a home connection looks from outside. */
const reputations = (site: LintedSite): readonly (readonly [string, Partial<Traits>])[] => {
  const lists = new Set(reasoningOf(site).uses.flatMap(({ fact }) => (isDnsList(fact) ? [memberOf(fact)] : [])));
  return [
    ...[...lists].map((list): [string, Partial<Traits>] => [
      `from an address on ${list}`,
      { listed: new Map([[list, [...(site.dnsListCodes?.get(list) ?? []), 'other']]]) },
    ]),
    ['from an address without a name', { rdns: null }],
    ['from an address whose name does not resolve back', { fcrdns: false }],
    ['from an address that SPF does not name', { spf: 'fail' }],
    ['from an address that SPF does not name', { spf: 'softfail' }],
  ];
};
