import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { memberOf } from '../../facts/find.ts';
import { listed } from '../../suggest.ts';
import type { Located, RuleSyntax } from '../../syntax.ts';
import type { Scalar } from '../../value.ts';
import type { LintCheck } from '../check.ts';
import type { FactCondition } from '../guarded.ts';
import { isScalar, isShorthand, type OperatorUse, operatorUses } from '../operator-uses.ts';
import { type Advice, misspelt, revalued, rewritten } from '../rewritten.ts';
import { holdsFor, testOf, valueOperator } from '../values/leaf.ts';
import { lookalike } from '../values/lookalike.ts';
import { singleOperator, writtenOperands } from '../values/operands.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { isDnsList } from '../values/site-words.ts';

export const neverSet: LintCheck = {
  name: 'never-set',
  codes: ['RLY4014'],
  doc: 'A condition on a result, tag or DNS list tests for a value that some rule sets or the configuration names.',
  avoid: `
rules:
  - { id: marks, on: mail, when: { sender.null: true }, then: [{ tag: bulk }, { set: { risk: 2 } }] }
  - { id: asks, on: rcpt, when: { tag: bluk, result.rsik: 2 }, then: defer }
  - { id: typed, on: rcpt, when: { result.risk: "2" }, then: defer }
  - { id: listed, on: connect, when: { dnsbl.zen: slb }, then: reject }
`,
  prefer: `
rules:
  - { id: marks, on: mail, when: { sender.null: true }, then: [{ tag: bulk }, { set: { risk: 2 } }] }
  - { id: asks, on: rcpt, when: { tag: bulk, result.risk: 2 }, then: defer }
  - { id: listed, on: connect, when: { dnsbl.zen: sbl }, then: reject }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    const rules = site.files.flatMap((file) => file.rules);
    const results = [...new Set(rules.flatMap(resultsOf))];
    return reasoning.asking.flatMap(({ conditions }) =>
      conditions.flatMap((condition) => {
        const words = reasoning.words(condition.fact);
        if (words === null) return [];
        return words.length === 0 ? unset(condition, results) : operatorUses(condition).flatMap((use) => checkUse(use, words, reasoning));
      }),
    );
  },
};

const resultsOf = ({ actions }: RuleSyntax): readonly string[] =>
  actions
    .filter(({ action }) => action === 'set')
    .flatMap(({ argument }) => Object.keys(argument.value ?? {}).map((name) => `result.${name}`));

const unset = ({ fact, factAt }: FactCondition, results: readonly string[]): readonly Diagnostic[] => {
  if (fact === 'tag')
    return [diagnose('RLY4014', factAt, { message: 'No rule sets a tag', help: 'Add tag: [<name>] to the then: of an earlier rule.' })];
  const otherwise = `Add set: { ${memberOf(fact)}: <value> } to the then: of an earlier rule.`;
  return [diagnose('RLY4014', factAt, { message: `No rule sets ${fact}`, ...misspelt(fact, results, { at: factAt, otherwise }) })];
};

const checkUse = (use: OperatorUse, words: readonly Scalar[], reasoning: Reasoning): readonly Diagnostic[] =>
  writtenOperands(use).flatMap((written) => {
    const { value, at } = written;
    if (!isScalar(value) || lookalike(use, written, reasoning.named) !== null) return [];
    const operator = singleOperator(use.operator);
    const test = testOf({ operator, operand: value, type: use.type }, reasoning.lists);
    if (test === null || words.some((word) => holdsFor(test, word) !== false)) return [];
    const says = valueOperator(operator)?.says(value, true) ?? '';
    const message = `${nothing(use.fact)} ${says}`;
    return [diagnose('RLY4014', at, { message, ...advice(use, written, words) })];
  });

const nothing = (fact: string): string => {
  if (fact === 'tag') return 'No tag that a rule sets';
  return isDnsList(fact) ? `No code of the DNS list ${memberOf(fact)}` : `No value that a rule sets for ${fact}`;
};

const advice = (use: OperatorUse, { value, at }: Located, words: readonly Scalar[]): Advice => {
  const { fact } = use;
  const other = words.find((word) => typeof word !== typeof value && String(word) === String(value));
  if (other !== undefined)
    return {
      help: `Write ${typeof other === 'string' ? `"${other}", in quotes` : `${other}, without quotes`}: text and numbers are never equal.`,
      fixes: revalued(at, other),
    };
  const known = words.map(String);
  if (isDnsList(fact) && /^(?:true|yes|listed|\d+(?:\.\d+)*)$/.test(String(value)))
    return {
      help: `For any listing, write ${fact}: { exists: true }; or name a code: ${listed(known)}.`,
      fixes: isShorthand(use) ? [rewritten(at, '{ exists: true }')] : [],
    };
  return misspelt(String(value), known, { at, otherwise: `Known values: ${listed(known)}.` });
};
