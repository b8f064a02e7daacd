import { type Hook, isHook } from '../hook.ts';
import { COUNTED_AT } from '../limit-count.ts';
import { parseDuration } from '../quantity.ts';
import type { ActionSyntax, GrantSyntax, LimitSyntax, Located, RuleSyntax } from '../syntax.ts';
import { readUnless, readWhen } from './conditions.ts';
import { readNamed } from './named.ts';
import { entries, entry, numberOf, oneOrMany, textOf, withValue } from './parts.ts';
import { actionsOf } from './several-actions.ts';

/** A grant as written; a condition is required by the schema, since a grant for everybody is an open relay. */
export const readGrant = (located: Located, stem: string): GrantSyntax => ({
  ...readNamed(located, stem),
  untrustedRouting: entry(located, 'untrusted_routing')?.value === true,
  when: readWhen(located) ?? { kind: 'any', parts: [], at: located.at },
  unless: readUnless(located),
});

/** A rule as written, the defaults filled in. */
export const readRule = (located: Located, stem: string): RuleSyntax => ({
  ...readNamed(located, stem),
  on: hookOf(textOf(entry(located, 'on'))),
  onAt: located.spanOf(['on'], 'value'),
  group: textOf(entry(located, 'group')),
  groupAt: entry(located, 'group')?.at ?? null,
  when: readWhen(located),
  unless: readUnless(located),
  limit: readLimit(entry(located, 'limit')),
  actions: readActions(entry(located, 'then')),
  onUnknown: textOf(entry(located, 'on_unknown')) === 'defer' ? 'defer' : 'skip',
  mode: textOf(entry(located, 'mode')) === 'shadow' ? 'shadow' : 'enforce',
  expires: readExpires(entry(located, 'expires')),
});

/** The schema admits hooks only; `disconnect` is where a rule does the least. */
const hookOf = (word: string | null): Hook => (word !== null && isHook(word) ? word : 'disconnect');

const readActions = (then: Located | null): readonly ActionSyntax[] => (then === null ? [] : oneOrMany(then).flatMap(readStep));

const readStep = (step: Located): readonly ActionSyntax[] => {
  if (typeof step.value === 'string') return [{ action: step.value, argument: withValue(step, null), at: step.at }];
  return entries(step).flatMap(([action, argument]) => actionsOf(action, argument));
};

const isCount = (word: string | null): word is LimitSyntax['count'] => word !== null && Object.hasOwn(COUNTED_AT, word);

const readLimit = (limit: Located | null): LimitSyntax | null => {
  if (limit === null) return null;
  const key = entry(limit, 'key');
  const count = textOf(entry(limit, 'count'));
  return {
    key: key === null ? [] : oneOrMany(key).map((fact) => ({ fact: String(fact.value), at: fact.at })),
    count: isCount(count) ? count : 'messages',
    max: numberOf(entry(limit, 'max')) ?? 0,
    per: parseDuration(textOf(entry(limit, 'per')) ?? '') ?? 0,
    at: limit.at,
  };
};

const readExpires = (expires: Located | null): RuleSyntax['expires'] =>
  expires === null ? null : { date: String(expires.value), at: expires.at };
