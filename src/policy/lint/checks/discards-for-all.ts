import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { isObject, type Json } from '../../json.ts';
import { oneOrMany } from '../../read/parts.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf } from '../guarded.ts';
import { literalsOf, operatorUses } from '../operator-uses.ts';
import { verdictOf } from '../verdicts.ts';

export const discardsForAll: LintCheck = {
  name: 'discards-for-all',
  codes: ['RLY4039'],
  doc: 'Mail is not discarded for everybody because of one of its recipients.',
  avoid: `
rules:
  - { id: gone, on: data_post, when: { recipients: noreply@example.com }, then: discard }
`,
  prefer: `
rules:
  - { id: gone, on: data_post, when: { recipients: { every: noreply@example.com } }, then: discard }
  - { id: only, on: data_post, when: { recipients: test@example.com, recipients.count: 1 }, then: discard }
`,
  check: ({ files }) => {
    const rules = files.flatMap((file) => file.rules);
    const perRecipient = tagsOfRecipients(rules);
    return rules.flatMap((rule) => checkRule(rule, perRecipient));
  },
};

/** Tags that rules at RCPT alone set. */
const tagsOfRecipients = (rules: readonly RuleSyntax[]): ReadonlySet<string> => {
  const tagsAt = (isRcpt: boolean): readonly string[] =>
    rules
      .filter(({ on }) => (on === 'rcpt') === isRcpt)
      .flatMap(({ actions }) => actions.filter(({ action }) => action === 'tag').flatMap(({ argument }) => oneOrMany(argument)))
      .map(({ value }) => String(value));
  const elsewhere = new Set(tagsAt(false));
  return new Set(tagsAt(true).filter((tag) => !elsewhere.has(tag)));
};

const checkRule = (rule: RuleSyntax, perRecipient: ReadonlySet<string>): readonly Diagnostic[] => {
  if (verdictOf(rule)?.action !== 'discard' || rule.mode === 'shadow') return [];
  const conditions = factConditionsOf({ ...rule, unless: [] });
  if (conditions.some(looksAtAll)) return [];
  const some = conditions.find((condition) => isOfOne(condition, perRecipient));
  return some === undefined ? [] : [told(rule, some)];
};

/** How many recipients there are, or what holds for all of them. */
const looksAtAll = ({ fact, operators }: FactCondition): boolean =>
  fact === 'recipients.count' ||
  operators.some(({ operator, operand }) => operator === 'every' || operator === 'count' || isNegative(operand.value));

const isNegative = (operand: Json): boolean => isObject(operand) && ('ne' in operand || 'not_in' in operand);

const isOfOne = (condition: FactCondition, perRecipient: ReadonlySet<string>): boolean => {
  if (condition.fact === 'recipients' || condition.fact === 'grant') return true;
  return (
    condition.fact === 'tag' &&
    operatorUses(condition)
      .flatMap(literalsOf)
      .some(({ value }) => perRecipient.has(String(value)))
  );
};

const told = ({ id, idAt }: RuleSyntax, { fact, factAt }: FactCondition): Diagnostic =>
  diagnose('RLY4039', idAt, {
    message: `${id} discards the message for all recipients if one of them meets it`,
    help: 'Require it of every recipient (recipients: { every: … }), or route the one recipient to discard:.',
    related: [{ at: factAt, message: `${fact} is about some of the recipients` }],
  });
