import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { GrantSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf } from '../guarded.ts';

export const forgeableGrant: LintCheck = {
  name: 'forgeable-grant',
  codes: ['RLY4011'],
  doc: 'A grant checks something that a stranger cannot simply claim.',
  avoid: `
grants:
  - { id: ours, when: { sender.domain: example.com } }
`,
  prefer: `
grants:
  - { id: ours, when: { sender.domain: example.com, client.ip: 10.0.0.0/8 } }
  - { id: checked, when: { sender.domain: example.net, spf.result: pass } }
  - { id: own, when: { sender.address: { same_as: auth.user } } }
`,
  check: ({ files }) => files.flatMap((file) => file.grants).flatMap(checkGrant),
};

/** What the client says of itself, and nobody checks. */
const CLAIMS = /^(?:sender\.(?:address|local|domain|null)|helo\.(?:name|verb)|message\.(?:declared_size|smtputf8))$/;

/** The fact, and those that it is compared with. */
const factsOf = ({ fact, operators }: FactCondition): readonly string[] => [
  fact,
  ...operators.filter(({ operator }) => operator === 'same_as').map(({ operand }) => String(operand.value)),
];

const checkGrant = (grant: GrantSyntax): readonly Diagnostic[] => {
  if (
    !factConditionsOf(grant)
      .flatMap(factsOf)
      .every((fact) => CLAIMS.test(fact))
  )
    return [];
  const help = 'Also check who or where the client is (client.ip, auth.user, tls.client_fingerprint, spf.result), or the recipient.';
  return [diagnose('RLY4011', grant.idAt, { message: `${grant.id} checks only what any client can claim`, help })];
};
