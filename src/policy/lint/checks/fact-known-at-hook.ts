import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { factAtHook } from '../fact-at-hook.ts';
import { type FactCondition, factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';

export const factKnownAtHook: LintCheck = {
  name: 'fact-known-at-hook',
  codes: ['RLY3001', 'RLY3002'],
  doc: 'A condition uses only facts that are known when its hook runs.',
  avoid: `
rules:
  - { id: early, on: helo, when: { sender.domain: example.com }, then: reject }
  - { id: elsewhere, on: data, when: { recipient.domain: example.com }, then: reject }
`,
  prefer: `
rules:
  - { id: in-time, on: mail, when: { sender.domain: example.com }, then: reject }
  - { id: here, on: rcpt, when: { recipient.domain: example.com }, then: reject }
`,
  check: ({ files }) =>
    files
      .flatMap(guardedOf)
      .flatMap((guarded) =>
        factConditionsOf(guarded).flatMap((condition) => [...atHook(condition, guarded), ...ownGrant(condition, guarded)]),
      ),
};

const atHook = ({ fact, factAt }: FactCondition, { hook, named }: Guarded): readonly Diagnostic[] => {
  const answer = factAtHook(fact, hook);
  if (answer.known) return [];
  const message = answer.early ? `${fact} is not known yet at ${hook}` : `${fact} is not known at ${hook}`;
  return [
    diagnose(answer.early ? 'RLY3001' : 'RLY3002', factAt, {
      message,
      help: `It is known ${answer.where}. Move ${named.id} to such a hook or use another fact; here the condition would never hold.`,
    }),
  ];
};

/** `grant` is known after the grants. */
const ownGrant = ({ fact, factAt }: FactCondition, { kind }: Guarded): readonly Diagnostic[] =>
  kind === 'grant' && fact === 'grant'
    ? [
        diagnose('RLY3001', factAt, {
          message: 'grant is not known yet while grants are evaluated',
          help: 'A grant cannot refer to another grant: write out the condition, or test grant in a rule at rcpt.',
        }),
      ]
    : [];
