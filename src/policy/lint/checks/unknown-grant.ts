import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { entry, oneOrMany } from '../../read/parts.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { literalsOf, operatorUses } from '../operator-uses.ts';
import { misspelt } from '../rewritten.ts';

export const unknownGrant: LintCheck = {
  name: 'unknown-grant',
  codes: ['RLY2003'],
  doc: 'A condition on grant, or a value a test gives for it, names a grant of the site by id or full name.',
  avoid: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: a, on: data_post, when: { grant: inbuond }, then: reject }
`,
  prefer: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - { id: a, on: data_post, when: { grant: inbound }, then: reject }
`,
  check: ({ files, mayMiss }) => {
    const known = new Set(files.flatMap((file) => file.grants).flatMap(({ id, name }) => [id, name]));
    const asked = files
      .flatMap(guardedOf)
      .flatMap(factConditionsOf)
      .filter(({ fact }) => fact === 'grant');
    const given = files.flatMap((file) => file.tests).flatMap((test) => entry(test.given, 'grant') ?? []);
    return [...asked.flatMap(operatorUses).flatMap(literalsOf), ...given.flatMap(oneOrMany)]
      .filter(({ value }) => !mayMiss('grants', String(value)))
      .flatMap((literal) => checkName(literal, known));
  },
};

const checkName = (literal: Parameters<typeof literalsOf>[0]['operand'], known: ReadonlySet<string>): readonly Diagnostic[] => {
  const { value, at } = literal;
  if (typeof value !== 'string' || known.has(value) || value === 'absent' || value === 'unknown') return [];
  const advice = misspelt(value, known, { at, otherwise: 'Name a grant by its id, or by <file>/<id>.' });
  return [diagnose('RLY2003', at, { message: `There is no grant ${value}`, ...advice })];
};
