import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, guardedOf } from '../guarded.ts';

export const contradiction: LintCheck = {
  name: 'contradiction',
  codes: ['RLY4009'],
  doc: 'A fact that must be absent is not also compared with a value.',
  avoid: `
rules:
  - { id: a, on: helo, when: { client.rdns: { exists: false, ends_with: .example.com } }, then: reject }
`,
  prefer: `
rules:
  - { id: a, on: helo, when: { client.rdns: { ends_with: .example.com } }, then: reject }
`,
  check: ({ files }) => files.flatMap(guardedOf).flatMap(factConditionsOf).flatMap(checkFact),
};

const checkFact = ({ fact, operators }: FactCondition): readonly Diagnostic[] => {
  const absent = operators.find(({ operator, operand }) => operator === 'exists' && operand.value === false);
  const other = operators.find(({ operator }) => operator !== 'exists' && operator !== 'count');
  if (absent === undefined || other === undefined) return [];
  return [
    diagnose('RLY4009', other.at, {
      message: `${fact} cannot be absent and satisfy ${other.operator}`,
      help: `On an absent fact, every operator except exists and count is false. For "absent or …", write any: [{ ${fact}: { exists: false } }, …].`,
      related: [{ at: absent.at, message: 'must be absent' }],
    }),
  ];
};
