import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { type Hook, hookOrder } from '../../hook.ts';
import { isObject } from '../../json.ts';
import { oneOrMany } from '../../read/parts.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';
import { literalsOf, operatorUses } from '../operator-uses.ts';

export const setTooLate: LintCheck = {
  name: 'set-too-late',
  codes: ['RLY4048'],
  doc: 'A result or a tag is asked for no sooner than a rule sets it.',
  avoid: `
rules:
  - { id: asks, on: rcpt, when: { tag: bulk }, then: reject }
  - { id: sets, on: data_post, when: { header.precedence: bulk }, then: { tag: bulk } }
`,
  prefer: `
rules:
  - { id: sets, on: data_post, when: { header.precedence: bulk }, then: { tag: bulk } }
  - { id: asks, on: queue, when: { tag: bulk }, then: reject }
`,
  wholeSite: true,
  check: ({ files }) => {
    const settings = files.flatMap((file) => file.rules).flatMap(settingsOf);
    const places = new Map(files.flatMap((file) => file.rules).map((rule, at) => [rule.name, at]));
    return files
      .flatMap(guardedOf)
      .flatMap((guarded) => factConditionsOf(guarded).flatMap((condition) => checkCondition(condition, { guarded, settings, places })));
  },
};

/** A rule that sets a result, or a tag; `null`: any tag. */
interface Setting {
  readonly fact: string;
  readonly tag: string | null;
  readonly rule: RuleSyntax;
}

const settingsOf = (rule: RuleSyntax): readonly Setting[] =>
  rule.actions.flatMap(({ action, argument }): readonly Setting[] => {
    if (action === 'tag')
      return oneOrMany(argument).map(({ value }) => ({ fact: 'tag', tag: String(value).includes('${') ? null : String(value), rule }));
    const names = action === 'set' && isObject(argument.value) ? Object.keys(argument.value) : [];
    return names.map((name) => ({ fact: `result.${name}`, tag: null, rule }));
  });

interface Around {
  readonly guarded: Guarded;
  readonly settings: readonly Setting[];
  /** Where rules stand among all. */
  readonly places: ReadonlyMap<string, number>;
}

const checkCondition = (condition: FactCondition, around: Around): readonly Diagnostic[] => {
  const { fact, factAt } = condition;
  if (fact === 'tag')
    return operatorUses(condition)
      .flatMap(literalsOf)
      .flatMap(({ value, at }) =>
        late(
          around.settings.filter((one) => one.fact === 'tag' && (one.tag === null || one.tag === value)),
          at,
          around,
        ),
      );
  return fact.startsWith('result.')
    ? late(
        around.settings.filter((one) => one.fact === fact),
        factAt,
        around,
      )
    : [];
};

const late = (settings: readonly Setting[], at: Diagnostic['at'], around: Around): readonly Diagnostic[] => {
  const [first] = settings;
  if (first === undefined || settings.some((setting) => isSeen(setting, around))) return [];
  const { guarded } = around;
  const what = first.fact === 'tag' ? `the tag ${first.tag ?? ''}` : first.fact;
  return [
    diagnose('RLY4048', at, {
      message: `At ${guarded.hook} no rule has set ${what} yet: ${first.rule.id} does so ${first.rule.on === guarded.hook ? 'further down' : `at ${first.rule.on}`}`,
      help: first.rule.on === guarded.hook ? `Move it behind ${first.rule.name}.` : `Ask for it at ${first.rule.on} or later.`,
      related: [{ at: first.rule.idAt, message: 'sets it' }],
    }),
  ];
};

/** Run once in a session or for a message: what stands further down has not run before. */
const ONCE: ReadonlySet<Hook> = new Set(['connect_init', 'lookup_rdns', 'connect', 'mail', 'data', 'data_post', 'queue']);

/** A client may say HELO and log in again and again, and what is set before MAIL stays. */
const REPEATED: ReadonlySet<Hook> = new Set(['helo', 'auth']);

const isSeen = ({ rule }: Setting, { guarded, places }: Around): boolean => {
  if (rule.on === guarded.hook) return !ONCE.has(rule.on) || (places.get(rule.name) ?? 0) <= (places.get(guarded.named.name) ?? 0);
  if (hookOrder(rule.on) < hookOrder(guarded.hook)) return true;
  if (hookOrder(rule.on) > hookOrder('queue')) return true;
  return REPEATED.has(guarded.hook) && hookOrder(rule.on) < hookOrder('mail');
};
