import { literalMeanings, oneOf } from '../compare.ts';
import { type Membership, type OperatorContext, PolicyError, type ValueType } from '../definition.ts';
import { choose } from '../forms/refs.ts';
import { asArray, type Json, type JsonSchema } from '../json.ts';
import { lists } from '../lists/index.ts';
import { type Meaning, meaningsPattern } from '../meaning.ts';
import { anyOf, type Pattern } from '../reason/pattern.ts';
import type { Scalar } from '../value.ts';

/** The name of a list or a sequence of values, decided by its type so that an error points at the very value. */
export const memberOperand = (type: ValueType, fields: Readonly<Record<string, ValueType>> | undefined): JsonSchema | null =>
  fields === undefined
    ? choose(
        { type: 'string' },
        { pattern: '^[a-z][a-z0-9_-]*$', description: 'Name of a list' },
        { type: 'array', items: type.literal, minItems: 1, description: 'Name of a list, or values in brackets' },
      )
    : null;

/** Whether a value is in the list named, or among the values written. Throws `PolicyError`. */
export const membershipOf = (operand: Json, context: OperatorContext): ((value: Scalar) => boolean) => {
  if (typeof operand !== 'string') return oneOf(context.type, asArray(operand));
  const list = context.list(operand);
  if (list === undefined) throw noSuchList(operand);
  if (!context.type.lists.includes(list.type)) throw wrongType(operand, list, context.type);
  return context.type.caseless ? (list.hasCaseless ?? list.has) : list.has;
};

/** The operand has compiled. A short list means what its entries mean; a long one is asked as a whole. */
export const membershipMeanings = (operand: Json, context: OperatorContext): readonly Meaning[] | null => {
  const { type } = context;
  if (typeof operand !== 'string') return literalMeanings(type, asArray(operand));
  const list = context.list(operand);
  if (list === undefined) return null;
  const meant = list.entries?.map((entry) => lists.get(list.type)?.means?.(entry, type) ?? null);
  if (meant?.every((meanings) => meanings !== null)) return meant.flat();
  return [{ means: 'list', name: operand, has: membershipOf(operand, context) }];
};

/** Exactly the texts that are members; `null` where there are too many, or values have other names too. */
export const membershipPattern = (operand: Json, context: OperatorContext): Pattern | null => {
  const list = typeof operand === 'string' ? context.list(operand) : undefined;
  const patternOf = list === undefined ? undefined : lists.get(list.type)?.pattern;
  if (list !== undefined && patternOf !== undefined)
    return list.entries ? anyOf(list.entries, (entry) => patternOf(entry, context.type)) : null;
  return meaningsPattern(membershipMeanings(operand, context));
};

const noSuchList = (name: string): PolicyError =>
  new PolicyError(
    'RLY2002',
    `there is no list \`${name}\``,
    `Define it under \`lists:\`, or write the values themselves: \`in: [${name}]\`.`,
  );

const wrongType = (name: string, list: Membership, type: ValueType): PolicyError =>
  new PolicyError(
    'RLY2010',
    `\`${name}\` is a list of type ${list.type}, in which a ${type.name} is never found`,
    type.lists.length === 0 ? 'Write the values themselves in brackets.' : `Use a list of type ${type.lists.join(', ')}.`,
  );

/** How a trace names the operand. */
export const memberWords = (operand: Json): string => (typeof operand === 'string' ? operand : `[${asArray(operand).join(', ')}]`);
