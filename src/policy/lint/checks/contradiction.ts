import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, guardOf } from '../guarded.ts';
import { type NeverHolding, neverHolding } from '../values/never-holding.ts';
import { reasoningOf } from '../values/reasoning.ts';

export const contradiction: LintCheck = {
  name: 'contradiction',
  codes: ['RLY4009'],
  doc: 'The parts of a condition, its exceptions included, can hold together.',
  avoid: `
rules:
  - { id: a, on: helo, when: { client.rdns: { exists: false, ends_with: .example.com } }, then: reject }
  - { id: b, on: rcpt, when: { recipient.address: ann@example.com, recipient.domain: { ne: example.com } }, then: defer }
`,
  prefer: `
rules:
  - { id: a, on: helo, when: { client.rdns: { ends_with: .example.com } }, then: reject }
  - { id: b, on: rcpt, when: { recipient.local: ann, recipient.domain: { ne: example.com } }, then: defer }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    return reasoning.asking.flatMap(({ guarded, conditions }) => {
      const absent = conditions.flatMap(checkFact);
      return absent.length > 0 ? absent : neverHolding(guardOf({ ...guarded, at: guarded.named.at }), reasoning).map(told);
    });
  },
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

const told = ({ joint: { parts } }: NeverHolding): Diagnostic => {
  const last = parts.at(-1);
  const [first] = parts;
  if (first === undefined || last === undefined) throw new TypeError('a contradiction has parts');
  const facts = [...new Set(parts.map(({ fact }) => fact))];
  const what =
    facts.length === 1
      ? `No ${first.fact} satisfies all of these conditions`
      : `No address satisfies the conditions on both ${facts.join(' and ')}`;
  return diagnose('RLY4009', last.at, {
    message: what,
    help: 'All conditions in a mapping and under all: must hold, and none under unless: may. If one is enough, write any: [{ … }, { … }].',
    related: parts.length === 1 ? [] : [{ at: first.at, message: 'conflicts with this condition' }],
  });
};
