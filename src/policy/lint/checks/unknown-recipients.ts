import { decide } from '../../decide/evaluate.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ListSyntax, Named, PolicyFile, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';
import { listAsked, literalsOf, operatorUses } from '../operator-uses.ts';
import { inboundSessions } from '../sessions/inbound.ts';
import { type Rehearsal, type RehearsedGrant, rehearsalOf } from '../sessions/rehearsal.ts';
import { verdictOf } from '../verdicts.ts';

export const unknownRecipients: LintCheck = {
  name: 'unknown-recipients',
  codes: ['RLY4036', 'RLY4037'],
  doc: 'Mail for people who do not exist is refused at RCPT: no later, and not by the next hop.',
  avoid: `
lists:
  people: { type: address, values: [ann@example.com, bob@example.com] }
grants:
  - { id: people, when: { recipient.address: { in: people } } }
  - { id: domain, when: { recipient.domain: example.com } }
  - { id: customers, when: { recipient.domain: customer.example } }
routes:
  - { id: next-hop, when: { recipient.domain: customer.example }, to: "smtp://10.1.0.5:25" }
  - { id: internet, to: mx }
`,
  prefer: `
lists:
  people: { type: address, values: [ann@example.com, bob@example.com, ann@customer.example] }
grants:
  - { id: people, when: { recipient.address: { in: people } } }
routes:
  - { id: customers, when: { recipient.domain: customer.example }, to: "smtp://10.1.0.5:25" }
  - { id: internet, to: mx }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    if (rehearsal === null) return [];
    const admitting = admittingGrants(rehearsal);
    const lists = site.files.flatMap((file) => file.lists).filter(({ type }) => type === 'address');
    const notRequired = lists.flatMap((list) => checkList(list, site.files, admitting));
    const covered = new Set(notRequired.map(({ domain }) => domain));
    const told = new Set<string>();
    const unchecked = [...admitting].flatMap(([domain, grant]) => {
      if (covered.has(domain) || told.has(grant.syntax.name) || site.files.some(looksAtRecipientsLater)) return [];
      const found = checkRoute(domain, grant, rehearsal);
      if (found.length > 0) told.add(grant.syntax.name);
      return found;
    });
    return [...notRequired.map(({ diagnostic }) => diagnostic), ...unchecked];
  },
};

const NOBODY = 'nobody-7f3a';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** Domains in which any local part is let in, each with the grant that does it. */
const admittingGrants = (rehearsal: Rehearsal): ReadonlyMap<string, RehearsedGrant> => {
  const found = new Map<string, RehearsedGrant>();
  for (const grant of rehearsal.grants)
    for (const { traits } of inboundSessions(grant, rehearsal)) {
      const domain = domainOf(traits.recipient);
      const played = rehearsal.play({ ...traits, recipient: `${NOBODY}@${domain}` });
      if (played?.accepted === true && played.decision.grant === grant.syntax.name && !found.has(domain)) found.set(domain, grant);
    }
  return found;
};

interface NotRequired {
  readonly domain: string;
  readonly diagnostic: Diagnostic;
}

const checkList = (
  list: ListSyntax,
  files: readonly PolicyFile[],
  admitting: ReadonlyMap<string, RehearsedGrant>,
): readonly NotRequired[] => {
  const users = files.flatMap(guardedOf).filter((guarded) => askers(guarded, list.name));
  const [first] = users;
  if (first === undefined || !users.every((guarded) => onlyLetsIn(guarded, files))) return [];
  for (const { text } of list.entries) {
    const domain = domainOf(text).toLowerCase();
    const grant = /^[^@*]+@/.test(text) ? admitting.get(domain) : undefined;
    if (grant !== undefined) return [{ domain, diagnostic: notRequired(list, first.named, { grant, domain }) }];
  }
  return [];
};

const askers = (guarded: Guarded, list: string): boolean =>
  factConditionsOf(guarded).some(
    (condition) => condition.fact.startsWith('recipient.') && operatorUses(condition).some((use) => listAsked(use) === list),
  );

/** A grant that no condition tells from others, or a rule that only accepts: neither keeps anybody out. */
const onlyLetsIn = ({ kind, named }: Guarded, files: readonly PolicyFile[]): boolean => {
  if (kind === 'grant') return !isToldApart(named, files);
  const rule = files.flatMap((file) => file.rules).find((one) => one === named);
  return rule?.on === 'rcpt' && rule.actions.every(({ action }) => action === 'accept');
};

const isToldApart = ({ id, name }: Named, files: readonly PolicyFile[]): boolean =>
  files
    .flatMap(guardedOf)
    .flatMap(factConditionsOf)
    .filter(({ fact }) => fact === 'grant')
    .flatMap(operatorUses)
    .flatMap(literalsOf)
    .some(({ value }) => value === id || value === name);

const notRequired = (
  list: ListSyntax,
  user: Named,
  { grant, domain }: { readonly grant: RehearsedGrant; readonly domain: string },
): Diagnostic =>
  diagnose('RLY4036', user.idAt, {
    message: `${user.id} does not keep out recipients that are not in ${list.name}: ${grant.syntax.id} lets in every address of ${domain}`,
    help: `To refuse mail for others at RCPT, let ${domain} in by this list only: recipient.address: { in: ${list.name} }.`,
    related: [{ at: grant.syntax.idAt, message: `lets in every address of ${domain}` }],
  });

const LATER: ReadonlySet<string> = new Set(['data', 'data_post', 'queue']);

/** A rule at the message may refuse recipients that do not exist. */
const looksAtRecipientsLater = (file: PolicyFile): boolean =>
  file.rules.some(
    (rule: RuleSyntax) =>
      LATER.has(rule.on) && verdictOf(rule) !== null && factConditionsOf(rule).some(({ fact }) => fact === 'recipients'),
  );

const checkRoute = (domain: string, { syntax }: RehearsedGrant, { policy }: Rehearsal): readonly Diagnostic[] => {
  const decision = decide(policy, 'get_mx', { 'recipient.address': `${NOBODY}@${domain}`, grant: syntax.name, attempt: 1, age: 0 });
  const target = decision.route?.to ?? '';
  if (!/^(?:smtps?|lmtp|lmtp\+unix):/.test(target)) return [];
  return [
    diagnose('RLY4037', syntax.idAt, {
      message: `${syntax.id} lets in every address of ${domain}, whoever ${target} has`,
      help: 'Name the recipients: a list of type address, and when: { recipient.address: { in: recipients } }.',
    }),
  ];
};
