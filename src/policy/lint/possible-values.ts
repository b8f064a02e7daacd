import { findFact } from '../facts/find.ts';
import { isArray } from '../json.ts';
import type { ConditionSyntax, ListSyntax, OperatorSyntax } from '../syntax.ts';

type Values = ReadonlySet<string> | null;

/** Lists of the site by name. */
export type Lists = ReadonlyMap<string, ListSyntax>;

/** The value as a template would write it; `null` if the text stands for many. */
const single = (fact: string, written: string): string | null => {
  const type = findFact(fact)?.type;
  if (!type || written === '' || /^[.@]|[@*?/]$|[*?]/.test(written) || type.spans?.(written) === true) return null;
  const value = type.normalize(written);
  return value === null ? null : String(value);
};

const all = (fact: string, written: readonly string[]): Values => {
  const values = written.map((one) => single(fact, one));
  return values.every((value) => value !== null) ? new Set(values) : null;
};

const ENUMERABLE: ReadonlySet<string> = new Set(['domain', 'string', 'address', 'glob']);

const operatorValues = ({ operator, operand: { value } }: OperatorSyntax, fact: string, lists: Lists): Values => {
  if (operator === 'eq') return all(fact, [String(value)]);
  if (operator !== 'in') return null;
  if (isArray(value)) return all(fact, value.map(String));
  const list = lists.get(String(value));
  return list && ENUMERABLE.has(list.type)
    ? all(
        fact,
        list.entries.map(({ text }) => text),
      )
    : null;
};

const both = (one: Values, other: Values): Values => {
  if (one === null || other === null) return one ?? other;
  return new Set([...one].filter((value) => other.has(value)));
};

/**
 * All values a fact can have where the condition holds, as templates write them; `null` if the condition does
 * not say.
 */
export const possibleValues = (condition: ConditionSyntax | null, fact: string, lists: Lists): Values => {
  switch (condition?.kind) {
    case 'fact':
      if (condition.fact !== fact) return null;
      return condition.operators.map((one) => operatorValues(one, fact, lists)).reduce(both, null);
    case 'all':
      return condition.parts.map((part) => possibleValues(part, fact, lists)).reduce(both, null);
    case 'any': {
      const values = condition.parts.map((part) => possibleValues(part, fact, lists));
      return values.length > 0 && values.every((one) => one !== null) ? new Set(values.flatMap((one) => [...one])) : null;
    }
    default:
      return null;
  }
};
