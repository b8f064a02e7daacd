import type { Diagnostic } from '../diagnostic.ts';
import type { GrantSyntax } from '../syntax.ts';
import type { LintCheck } from './check.ts';
import { diagnose } from './codes.ts';
import { isAlways } from './guarded.ts';

export const openGrant: LintCheck = {
  name: 'open-grant',
  codes: ['RLY3007'],
  doc: 'A grant has a condition that somebody can fail.',
  avoid: `
grants:
  - { id: everybody, when: { none: [{ all: [{ recipient.domain: example.com }] }], any: [{ sender.null: true }] } }
  - { id: open, when: { not: { any: [{ sender.null: true }, { sender.null: false }] } } }
`,
  prefer: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
`,
  check: ({ files }) => files.flatMap((file) => file.grants).flatMap(checkGrant),
};

const checkGrant = (grant: GrantSyntax): readonly Diagnostic[] =>
  isAlways(grant.when)
    ? [
        diagnose('RLY3007', grant.idAt, {
          message: `${grant.id} lets everybody relay`,
          help: 'Say who or to whom: when: { recipient.domain: { in: our_domains } }.',
        }),
      ]
    : [];
