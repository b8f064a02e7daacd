import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { guardOf } from '../guarded.ts';
import { excludes } from '../values/joint.ts';
import { reasoningOf } from '../values/reasoning.ts';

export const acceptWithoutGrants: LintCheck = {
  name: 'accept-without-grants',
  codes: ['RLY3010'],
  doc: 'A site that accepts recipients has grants; accept alone lets no mail through.',
  avoid: `
rules:
  - { id: a, on: rcpt, when: { recipient.domain: example.com }, then: accept }
---
grants:
  - { id: b, when: { recipient.domain: example.org } }
`,
  prefer: `
grants:
  - { id: a, when: { recipient.domain: example.com } }
rules:
  - { id: b, on: rcpt, when: { recipient.address: ann@example.com }, then: accept }
  - { id: c, on: rcpt, when: { client.ip: 10.0.0.0/8 }, then: accept }
`,
  check: (site) => {
    const { files, mayMiss } = site;
    if (mayMiss('grants')) return [];
    const grants = files.flatMap((file) => file.grants);
    const accepting = files
      .flatMap((file) => file.rules)
      .filter(({ on, actions }) => on === 'rcpt' && actions.some(({ action }) => action === 'accept'));
    // Every pair is compared, so their number is bounded.
    if (accepting.length * grants.length > MOST_PAIRS) return [];
    const apart = accepting.filter((rule) => grants.every((grant) => excludes(guardOf(rule), guardOf(grant), reasoningOf(site))));
    return apart.map(({ id, idAt }) =>
      diagnose('RLY3010', idAt, {
        message: `${id} accepts recipients, but no grant lets their mail through`,
        help: 'Move it to grants:, with its when:; accept only ends the hook.',
      }),
    );
  },
};

const MOST_PAIRS = 2000;
