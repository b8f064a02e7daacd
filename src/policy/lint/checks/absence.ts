import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { asArray } from '../../json.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';
import { type OperatorUse, operatorUses } from '../operator-uses.ts';

export const absence: LintCheck = {
  name: 'absence',
  codes: ['RLY4049'],
  doc: 'Whether a fact is absent is asked with exists, not with an empty text.',
  avoid: `
rules:
  - { id: no-subject, on: data_post, when: { header.subject: "" }, then: { score: 1 } }
  - { id: nameless, on: connect, when: { client.rdns: { matches: "^$" } }, then: { score: 1 } }
  - { id: somebody, on: rcpt, when: { auth.user: { ne: "" } }, then: { log: "somebody" } }
`,
  prefer: `
rules:
  - { id: no-subject, on: data_post, when: { any: [{ header.subject: { exists: false } }, { header.subject: "" }] }, then: { score: 1 } }
  - { id: nameless, on: connect, when: { client.rdns: { exists: false } }, then: { score: 1 } }
  - { id: somebody, on: rcpt, when: { auth.user: { exists: true } }, then: { log: "somebody" } }
`,
  check: ({ files }) => files.flatMap(guardedOf).flatMap(checkGuarded),
};

const checkGuarded = (guarded: Guarded): readonly Diagnostic[] => {
  const conditions = factConditionsOf(guarded);
  const asked = new Set(conditions.filter(asksForAbsence).map(({ fact }) => fact));
  return conditions
    .filter(({ fact }) => !asked.has(fact) && !fact.startsWith('result.'))
    .flatMap(operatorUses)
    .flatMap(checkUse);
};

const asksForAbsence = ({ operators }: FactCondition): boolean =>
  operators.some(({ operator, operand }) => operator === 'exists' && operand.value === false);

/** Words for nothing, on facts that never have such a value. */
const NOTHING = /^(?:absent|null|nil|undefined|none|empty)$/i;

const NAMES: ReadonlySet<string> = new Set(['auth.user', 'client.rdns', 'sender.address', 'sender.domain', 'tls.client_subject']);

/** Expressions that only the empty text fits. */
const EMPTY = /^\^(?:\\s\*| \*)?\$$/;

const checkUse = (use: OperatorUse): readonly Diagnostic[] => {
  const texts = asArray(use.operand.value);
  if (texts.length === 0 || !texts.every((text) => isNothing(use, text))) return [];
  const negative = use.operator === 'ne' || use.operator === 'not_in';
  return [
    diagnose('RLY4049', use.operand.at, {
      message: negative ? `This holds whenever ${use.fact} is there` : `This does not hold where ${use.fact} is absent`,
      help: `Write ${use.fact}: { exists: ${negative} }. On an absent fact every operator but exists and count is false.`,
    }),
  ];
};

const isNothing = ({ operator, fact, subject }: OperatorUse, text: unknown): boolean => {
  if (typeof text !== 'string' || subject !== fact) return false;
  if (operator === 'matches') return EMPTY.test(text);
  return /^(?:eq|ne|in|not_in)$/.test(operator) && (text === '' || (NAMES.has(fact) && NOTHING.test(text)));
};
