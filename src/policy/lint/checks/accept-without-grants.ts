import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';

export const acceptWithoutGrants: LintCheck = {
  name: 'accept-without-grants',
  codes: ['RLY3010'],
  doc: 'A site that accepts recipients has grants; accept alone lets no mail through.',
  avoid: `
rules:
  - { id: a, on: rcpt, when: { recipient.domain: example.com }, then: accept }
`,
  prefer: `
grants:
  - { id: a, when: { recipient.domain: example.com } }
`,
  check: ({ files, mayMiss }) => {
    if (mayMiss('grants') || files.some((file) => file.grants.length > 0)) return [];
    const accepting = files
      .flatMap((file) => file.rules)
      .filter(({ on, actions }) => on === 'rcpt' && actions.some(({ action }) => action === 'accept'));
    return accepting.map(({ id, idAt }) =>
      diagnose('RLY3010', idAt, {
        message: `${id} accepts recipients, but no grant lets their mail through`,
        help: 'Move it to grants:, with its when:; accept only ends the hook.',
      }),
    );
  },
};
