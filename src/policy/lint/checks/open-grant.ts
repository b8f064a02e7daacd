import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { GrantSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { isOpen } from '../everybody.ts';

export const openGrant: LintCheck = {
  name: 'open-grant',
  codes: ['RLY3007'],
  doc: 'A grant has a condition that not every client meets.',
  avoid: `
grants:
  - { id: whoever, when: { recipient.address: { exists: true }, client.ip: 0.0.0.0/0 } }
`,
  prefer: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
`,
  check: ({ files }) => files.flatMap((file) => file.grants).flatMap(checkGrant),
};

const checkGrant = (grant: GrantSyntax): readonly Diagnostic[] => {
  if (!isOpen(grant)) return [];
  const { id, idAt } = grant;
  const help = 'This is an open relay. Say who may relay, or to whom: when: { recipient.domain: { in: our_domains } }.';
  return [diagnose('RLY3007', idAt, { message: `${id} lets anyone relay anywhere`, help })];
};
