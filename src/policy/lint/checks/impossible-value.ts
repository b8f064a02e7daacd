import type { Diagnostic, Fix, Span } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { flow } from '../../read/meant/written.ts';
import type { Located } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { isScalar, isShorthand, type OperatorUse } from '../operator-uses.ts';
import { type Advice, revalued, rewritten } from '../rewritten.ts';
import { apart, otherPart, repaired } from '../values/advice.ts';
import { type Leaf, valueOperator } from '../values/leaf.ts';
import { lookalike } from '../values/lookalike.ts';
import { singleOperator, writtenOperands } from '../values/operands.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { maySuit } from '../values/suits.ts';

export const impossibleValue: LintCheck = {
  name: 'impossible-value',
  codes: ['RLY4012'],
  doc: 'A fact is compared only with values it can have.',
  avoid: `
rules:
  - { id: a, on: data_post, when: { attachment: { any: { extension: [.exe, scr] } } }, then: reject }
  - { id: b, on: rcpt, when: { recipient.domain: { ends_with: ".example.com." } }, then: defer }
  - { id: c, on: connect, when: { time.hour: { gte: 24 } }, then: defer }
`,
  prefer: `
rules:
  - { id: a, on: data_post, when: { attachment: { any: { extension: [exe, scr] } } }, then: reject }
  - { id: b, on: rcpt, when: { recipient.domain: { ends_with: ".example.com" } }, then: defer }
  - { id: c, on: connect, when: { time.hour: { gte: 22 } }, then: defer }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    return reasoning.uses.flatMap((use) => writtenOperands(use).flatMap((written) => checkOperand(use, written, reasoning)));
  },
};

const checkOperand = (use: OperatorUse, written: Located, reasoning: Reasoning): readonly Diagnostic[] => {
  const { value, at } = written;
  const leaf: Leaf = { operator: singleOperator(use.operator), operand: value, type: use.type };
  if (!isScalar(value) || (leaf.operator === 'eq' && use.type.spans?.(value) === true)) return [];
  const suits = maySuit(use.possible, reasoning);
  if (suits(leaf) || lookalike(use, written, reasoning.named) !== null) return [];
  const says = valueOperator(leaf.operator)?.says(value, true) ?? '';
  return [diagnose('RLY4012', at, { message: `No ${use.subject} ${says}`, ...advice(use, leaf, { at, reasoning }) })];
};

const advice = (use: OperatorUse, leaf: Leaf, { at, reasoning }: { readonly at: Span; readonly reasoning: Reasoning }): Advice => {
  const suits = maySuit(use.possible, reasoning);
  const form = (use.possible ?? use.type.possible)?.doc ?? use.type.doc;
  const parts = apart(leaf, suits);
  const inPlace = (text: string): readonly Fix[] => (isShorthand(use) ? [rewritten(at, text)] : []);
  if (parts !== null) {
    const help = `Write them separately: ${use.operator === 'ne' ? 'not_in' : 'in'}: [${parts.join(', ')}].`;
    return { help, fixes: inPlace(flow([...parts])) };
  }
  const text = repaired(leaf, suits);
  if (text !== null)
    return { help: `Write ${/^[\w-][\w.@/-]*$/.test(text) ? text : JSON.stringify(text)}. ${form}`, fixes: revalued(at, text) };
  const glob = { ...leaf, operator: 'glob' };
  if (leaf.operator === 'eq' && /[*?]/.test(String(leaf.operand)) && use.type.textual && suits(glob))
    return {
      help: `Write { glob: ${JSON.stringify(leaf.operand)} }: only a glob reads * and ?.`,
      fixes: inPlace(`{ glob: ${JSON.stringify(leaf.operand)} }`),
    };
  const other = otherPart(use).find((fact) => isLike(fact, leaf, reasoning));
  return { help: other === undefined ? form : `Compare it with ${other}. ${form}`, fixes: [] };
};

const isLike = (fact: string, leaf: Leaf, reasoning: Reasoning): boolean => {
  const definition = findFact(fact);
  return definition !== null && maySuit(definition.possible ?? definition.type.possible, reasoning)({ ...leaf, type: definition.type });
};
