import type { Diagnostic } from '../diagnostic.ts';
import type { LintCheck } from './check.ts';
import { diagnose } from './codes.ts';
import { factConditionsOf, guardedOf } from './guarded.ts';
import { isScalar, literalsOf, type OperatorUse, operatorUses } from './operator-uses.ts';

export const literalType: LintCheck = {
  name: 'literal-type',
  codes: ['RLY2008'],
  doc: 'A value that a fact is compared with is one the fact can have.',
  avoid: `
rules:
  - { id: a, on: connect, when: { client.ip: 10.0.0.256 }, then: reject }
`,
  prefer: `
rules:
  - { id: a, on: connect, when: { client.ip: 10.0.0.255 }, then: reject }
`,
  check: ({ files }) =>
    files
      .flatMap(guardedOf)
      .flatMap(factConditionsOf)
      .flatMap(operatorUses)
      .flatMap((use) => literalsOf(use).flatMap((literal) => checkLiteral(use, literal))),
};

const checkLiteral = ({ type, subject }: OperatorUse, { value, at }: OperatorUse['operand']): readonly Diagnostic[] => {
  if (!isScalar(value) || type.spans?.(value) === true || type.normalize(value) !== null) return [];
  const message = `${subject} is never ${JSON.stringify(value)}`;
  return [diagnose('RLY2008', at, { message, help: `It is compared with values of type ${type.name}. ${type.doc}` })];
};
