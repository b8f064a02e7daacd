import { getPublicSuffix } from 'tldts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { asArray } from '../../json.ts';
import type { LintCheck } from '../check.ts';
import { isOpen } from '../everybody.ts';
import { factConditionsOf } from '../guarded.ts';
import { listAsked, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { type Rehearsal, type RehearsedGrant, rehearsalOf } from '../sessions/rehearsal.ts';
import { foreignRecipients } from '../sessions/strangers.ts';
import { type StrangersRelay, strangersRelay } from '../sessions/strangers-relay.ts';
import type { Reasoning } from '../values/reasoning.ts';

export const openRelay: LintCheck = {
  name: 'open-relay',
  codes: ['RLY4011', 'RLY4030'],
  doc: 'No session of a stranger passes all rules up to RCPT and gets a grant for a recipient elsewhere.',
  avoid: `
grants:
  - { id: claimed, when: { sender.domain: example.com, helo.name: app.example.com } }
  - { id: wide, when: { recipient.domain: { glob: "*.*" } } }
`,
  prefer: `
grants:
  - { id: inside, when: { sender.domain: example.com, client.ip: 10.0.0.0/8 } }
  - { id: checked, when: { sender.domain: example.net, spf.result: pass } }
  - { id: own, when: { sender.address: { same_as: auth.user } } }
`,
  wholeSite: true,
  check: (site) => {
    const rehearsal = rehearsalOf(site);
    return rehearsal === null ? [] : rehearsal.grants.flatMap((grant) => checkGrant(grant, rehearsal));
  },
};

const checkGrant = (grant: RehearsedGrant, rehearsal: Rehearsal): readonly Diagnostic[] => {
  const { syntax } = grant;
  if (isOpen(syntax)) return [];
  const suffixes = factConditionsOf(syntax)
    .filter(({ fact }) => fact.startsWith('recipient.'))
    .flatMap(operatorUses)
    .flatMap((use) => publicSuffixes(use, rehearsal.reasoning));
  const recipients = foreignRecipients([syntax.when, ...syntax.unless], suffixes, rehearsal.reasoning);
  const found = strangersRelay(grant, recipients, rehearsal);
  return found === null ? [] : [told(grant, found)];
};

/** `com` and `co.uk`, where all domains below are named. */
const publicSuffixes = (use: OperatorUse, { named }: Reasoning): readonly string[] => {
  const list = listAsked(use);
  const texts = list === null ? asArray(use.operand.value).map(String) : (named.get(list)?.entries.map(({ text }) => text) ?? []);
  return texts
    .map((text) => text.replace(/^[@*.]+/, '').toLowerCase())
    .filter((text) => text !== '' && getPublicSuffix(`a.${text}`, { allowPrivateDomains: false }) === text);
};

const told = ({ syntax: { id, idAt } }: RehearsedGrant, { stranger, traits, onlyFamily }: StrangersRelay): Diagnostic => {
  const who = onlyFamily === null ? 'any client' : `any client with an ${onlyFamily} address`;
  const says = [
    ...(stranger.helo === undefined ? [] : [`the HELO name ${stranger.helo}`]),
    ...(stranger.rdns === undefined || stranger.rdns === null ? [] : [`the reverse name ${stranger.rdns}`]),
    ...(stranger.sender === undefined ? [] : [`MAIL FROM:<${stranger.sender ?? ''}>`]),
  ];
  const how = says.length === 0 ? '' : ` that gives ${says.join(' and ')}`;
  return diagnose(stranger.honest ? 'RLY4030' : 'RLY4011', idAt, {
    message: `${id} lets ${who}${how} relay anywhere, ${traits.recipient} for instance`,
    help: stranger.honest
      ? 'Say who may relay (client.ip, auth.user, tls.client_fingerprint), or name the domains of the recipients.'
      : 'Also check who or where the client is (client.ip, auth.user, tls.client_fingerprint, spf.result), or the recipient.',
  });
};
