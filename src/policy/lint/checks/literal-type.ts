import type { ValueType } from '../../definition.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { entries, oneOrMany } from '../../read/parts.ts';
import type { Located } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { isScalar, literalsOf, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { rewritten } from '../rewritten.ts';

export const literalType: LintCheck = {
  name: 'literal-type',
  codes: ['RLY1108', 'RLY2008'],
  doc: 'A fact is compared only with values it can have; text that YAML reads as something else is quoted, in tests too.',
  avoid: `
rules:
  - { id: a, on: connect, when: { client.ip: 10.0.0.256 }, then: reject }
  - { id: b, on: mail, when: { auth.user: [0777, alice] }, then: reject }
`,
  prefer: `
rules:
  - { id: a, on: connect, when: { client.ip: 10.0.0.255 }, then: reject }
  - { id: b, on: mail, when: { auth.user: ["0777", 4711, alice] }, then: reject }
`,
  check: ({ files }) => [
    ...files
      .flatMap(guardedOf)
      .flatMap(factConditionsOf)
      .flatMap(operatorUses)
      .flatMap((use) => literalsOf(use).flatMap((literal) => checkLiteral(use, literal))),
    ...files.flatMap((file) => file.tests).flatMap(({ given }) => entries(given).flatMap(checkGiven)),
  ],
};

const checkGiven = ([fact, value]: readonly [string, Located]): readonly Diagnostic[] => {
  const definition = findFact(fact);
  return definition ? oneOrMany(value).flatMap((literal) => checkSpelling(definition, literal)) : [];
};

const checkLiteral = (use: OperatorUse, literal: OperatorUse['operand']): readonly Diagnostic[] => [
  ...checkSpelling(use, literal),
  ...checkType(use, literal),
];

/** `0777` is the number 777 to YAML, which a text as somebody sends it is not equal to. */
const checkSpelling = ({ type }: { readonly type: ValueType }, literal: OperatorUse['operand']): readonly Diagnostic[] => {
  const { value, at } = literal;
  if (!isScalar(value) || typeof value === 'string' || !TEXTS.has(type.name)) return [];
  const written = literal.sourceOf([]);
  if (written === String(value) || written.startsWith('*')) return [];
  const message = `${written} is read as ${String(value)}, not as text`;
  return [diagnose('RLY1108', at, { message, help: `Put it in quotes: "${written}".`, fixes: [rewritten(at, `"${written}"`, true)] })];
};

const TEXTS: ReadonlySet<string> = new Set(['string', 'local-part']);

const checkType = ({ type, subject }: OperatorUse, { value, at }: OperatorUse['operand']): readonly Diagnostic[] => {
  if (!isScalar(value) || type.spans?.(value) === true || type.normalize(value) !== null) return [];
  const message = `${subject} is never ${JSON.stringify(value)}`;
  return [diagnose('RLY2008', at, { message, help: `Compare it with values of type ${type.name}. ${type.doc}` })];
};
