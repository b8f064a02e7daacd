import { getDomain } from 'tldts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { asArray } from '../../json.ts';
import type { LintCheck } from '../check.ts';
import { isOpen } from '../everybody.ts';
import { factConditionsOf } from '../guarded.ts';
import { listAsked, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { type Rehearsal, type RehearsedGrant, rehearsalOf } from '../sessions/rehearsal.ts';
import { STRANGER } from '../sessions/session.ts';
import { strangersRelay } from '../sessions/strangers-relay.ts';
import type { Reasoning } from '../values/reasoning.ts';

export const looseRecipient: LintCheck = {
  name: 'loose-recipient',
  codes: ['RLY4031'],
  doc: 'A grant for a domain lets in no mail for similar domains that anybody can register.',
  avoid: `
grants:
  - { id: unanchored, when: { recipient.domain: { matches: 'example\\.com' } } }
  - { id: no-dot, when: { recipient.domain: { ends_with: example.org } } }
`,
  prefer: `
grants:
  - { id: anchored, when: { recipient.domain: { matches: '^(mail|lists)\\.example\\.com$' } } }
  - { id: subdomains, when: { recipient.domain: [example.org, .example.org] } }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    return rehearsal === null ? [] : rehearsal.grants.flatMap((grant) => checkGrant(grant, rehearsal));
  },
};

const checkGrant = (grant: RehearsedGrant, rehearsal: Rehearsal): readonly Diagnostic[] => {
  const uses = factConditionsOf(grant.syntax)
    .filter(({ fact }) => fact.startsWith('recipient.'))
    .flatMap(operatorUses);
  const named = uses.flatMap((use) => domainsIn(use, rehearsal.reasoning));
  const recipients = lookalikes(named).map((domain) => `someone@${domain}`);
  if (recipients.length === 0 || isOpen(grant.syntax)) return [];
  const found = strangersRelay(grant, recipients, rehearsal);
  // Whoever relays to a domain that has nothing in common with these relays anywhere, which is said elsewhere.
  if (found === null || strangersRelay(grant, [`someone@${STRANGER}`], rehearsal) !== null) return [];
  const domain = found.traits.recipient.slice('someone@'.length);
  const [use] = uses;
  return [
    diagnose('RLY4031', grant.syntax.idAt, {
      message: `${grant.syntax.id} also lets in mail for ${domain}, which anybody can register`,
      help: 'Write recipient.domain: [example.com, .example.com], or anchor the expression at both ends and escape its dots: ^example\\.com$.',
      related: use === undefined ? [] : [{ at: use.at, message: 'the pattern' }],
    }),
  ];
};

const MOST_NAMED = 8;

/** Domains that a pattern or a text of it names. Equality matches nothing else. */
const domainsIn = ({ operator, operand, ...use }: OperatorUse, { named }: Reasoning): readonly string[] => {
  const list = named.get(listAsked({ operator, operand }) ?? '');
  const loose = list === undefined ? !/^(?:eq|ne|in|not_in|same_as)$/.test(operator) : list.type === 'regex' || list.type === 'glob';
  if (!loose || use.type.entries === 'cidr') return [];
  const texts = list === undefined ? asArray(operand.value).map(String) : list.entries.map(({ text }) => text);
  return texts.slice(0, MOST_NAMED).flatMap((text) => plainOf(text).match(/[a-z0-9-]+(?:\.[a-z0-9-]+)+/g) ?? []);
};

/** An expression or pattern as the text that it is about: of alternatives, the first. */
const plainOf = (text: string): string =>
  text
    .replace(/\((?:\?:)?([^()|]*)[^()]*\)/g, '$1')
    .replace(/\\(.)/g, '$1')
    .toLowerCase();

/** Domains of others that look like these. */
const lookalikes = (domains: readonly string[]): readonly string[] => {
  const owned = new Set(domains.map((domain) => getDomain(domain)));
  const similar = domains.flatMap((domain) => [`x${domain}`, `${domain}.${STRANGER}`, ...withoutDots(domain)]);
  return [...new Set(similar)].filter((domain) => {
    const registered = getDomain(domain);
    return registered !== null && !owned.has(registered);
  });
};

const withoutDots = (domain: string): readonly string[] =>
  [...domain.matchAll(/\./g)].map(({ index }) => `${domain.slice(0, index)}x${domain.slice(index + 1)}`).filter((one) => one.includes('.'));
