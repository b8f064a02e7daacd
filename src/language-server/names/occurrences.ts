import type { Span } from '../../policy/diagnostic.ts';
import { isObject } from '../../policy/json.ts';
import { factUses } from '../../policy/lint/fact-uses.ts';
import { factConditionsOf, guardedOf } from '../../policy/lint/guarded.ts';
import { listAsked, literalsOf, type OperatorUse, operatorUses } from '../../policy/lint/operator-uses.ts';
import { entries, entry, oneOrMany } from '../../policy/read/parts.ts';
import type { ActionSyntax, Located, PolicyFile } from '../../policy/syntax.ts';

/** What authors name themselves. */
export type NameKind = 'list' | 'grant' | 'group' | 'tag' | 'result' | 'rule' | 'header';

/** A place where a name stands. */
export interface Occurrence {
  readonly kind: NameKind;
  readonly name: string;
  /** With its quotes, if it has any. */
  readonly at: Span;
  /** Here the name comes from: a list, a grant, a rule of the group, a rule that sets the tag. */
  readonly defines: boolean;
}

const occurrence = (kind: NameKind, name: string, at: Span, defines = false): Occurrence => ({ kind, name, at, defines });

/** Texts without facts in them, one or several. */
const words = (located: Located | null): readonly Located[] =>
  located === null ? [] : oneOrMany(located).filter(({ value }) => typeof value === 'string' && !value.includes('${'));

const named = (kind: NameKind, located: Located | null, defines = false): readonly Occurrence[] =>
  words(located).map(({ value, at }) => occurrence(kind, String(value), at, defines));

const declared = ({ lists, grants, rules }: PolicyFile): readonly Occurrence[] => [
  ...lists.map(({ name, nameAt }) => occurrence('list', name, nameAt, true)),
  ...grants.map(({ id, idAt }) => occurrence('grant', id, idAt, true)),
  ...rules.map(({ id, idAt }) => occurrence('rule', id, idAt, true)),
  ...rules.flatMap(({ group, groupAt }) => (group === null || groupAt === null ? [] : [occurrence('group', group, groupAt, true)])),
];

const inAction = ({ action, argument }: ActionSyntax): readonly Occurrence[] => {
  if (action === 'tag') return named('tag', argument, true);
  if (action === 'skip') return named('group', argument);
  if (action === 'set' && isObject(argument.value))
    return entries(argument).map(([name]) => occurrence('result', name, argument.spanOf([name], 'key'), true));
  return action.endsWith('_header') ? named('header', isObject(argument.value) ? entry(argument, 'name') : argument) : [];
};

const inUse = (use: OperatorUse): readonly Occurrence[] => {
  const list = listAsked(use);
  if (list !== null) return [occurrence('list', list, use.operand.at)];
  if (use.fact === 'grant') return literalsOf(use).flatMap((literal) => named('grant', literal));
  if (use.fact === 'tag') return literalsOf(use).flatMap((literal) => named('tag', literal));
  return [];
};

const inTests = ({ tests }: PolicyFile): readonly Occurrence[] =>
  tests.flatMap(({ given, expect }) => [
    ...named('grant', entry(given, 'grant')),
    ...named('tag', entry(given, 'tag')),
    ...named('tag', entry(expect.more, 'tag')),
  ]);

const HEADER = /^(?:raw_)?header\.(.+)$/;

const headers = (file: PolicyFile): readonly Occurrence[] =>
  factUses(file).flatMap(({ fact, at }) => {
    const name = HEADER.exec(fact)?.[1];
    return name === undefined ? [] : [occurrence('header', name, at)];
  });

/** Aliases stand where their anchor stands. */
const onceEach = (all: readonly Occurrence[]): readonly Occurrence[] => [
  ...new Map(all.map((one) => [JSON.stringify([one.kind, one.name, one.at]), one])).values(),
];

/** Every place of a policy where a name of the site stands. */
export const occurrencesIn = (file: PolicyFile): readonly Occurrence[] =>
  onceEach([
    ...declared(file),
    ...file.rules.flatMap(({ actions }) => actions.flatMap(inAction)),
    ...guardedOf(file).flatMap(factConditionsOf).flatMap(operatorUses).flatMap(inUse),
    ...inTests(file),
    ...headers(file),
  ]);
