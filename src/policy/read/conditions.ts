import { isObject } from '../json.ts';
import type { ConditionSyntax, Located, OperatorSyntax } from '../syntax.ts';
import { elements, entries, entry, entrySpan, oneOrMany } from './parts.ts';

type Combination = 'all' | 'any' | 'none';

const isCombination = (key: string): key is Combination => key === 'all' || key === 'any' || key === 'none';

/** A condition as written; several entries of one mapping must all hold. */
export const readCondition = (located: Located): ConditionSyntax => {
  const [only, ...others] = entries(located).map(([key, value]) => readEntry(key, value));
  return only !== undefined && others.length === 0
    ? only
    : { kind: 'all', parts: only === undefined ? [] : [only, ...others], at: located.at };
};

/** `when:` of a grant, rule or route; `null` where none is written. */
export const readWhen = (owner: Located): ConditionSyntax | null => {
  const when = entry(owner, 'when');
  return when === null ? null : readCondition(when);
};

/** `unless:`, one condition or a list of them. */
export const readUnless = (owner: Located): readonly ConditionSyntax[] => {
  const unless = entry(owner, 'unless');
  return unless === null ? [] : oneOrMany(unless).map(readCondition);
};

const readEntry = (key: string, value: Located): ConditionSyntax => {
  const at = entrySpan(value);
  if (isCombination(key)) return { kind: key, parts: elements(value).map(readCondition), at };
  if (key === 'not') return { kind: 'not', part: readCondition(value), at };
  return { kind: 'fact', fact: key, operators: readOperators(value), at, factAt: value.spanOf([], 'key') };
};

const readOperators = (value: Located): readonly OperatorSyntax[] => {
  if (isObject(value.value)) return entries(value).map(([operator, operand]) => ({ operator, operand, at: entrySpan(operand) }));
  const operator = Array.isArray(value.value) ? 'in' : 'eq';
  return [{ operator, operand: value, at: value.at }];
};
