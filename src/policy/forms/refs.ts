import type { ValueType } from '../definition.ts';
import type { JsonSchema } from '../json.ts';

/** Reference to a part that stands once, under `definitions`, and is used in many places. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

/** What may be said about one value of a type: a literal, a sequence of them, or a mapping of operators. */
export const testName = (type: ValueType): string => `test.${type.name}`;

export const testRef = (type: ValueType): JsonSchema => ref(testName(type));

/** `if`, `then` and `else`: only the branch that the type decides is complained about. The keyword `then` as a property would make the object a thenable to the linter. */
export const choose = (condition: JsonSchema, holds: JsonSchema, otherwise?: JsonSchema): JsonSchema =>
  Object.fromEntries([['if', condition], ['then', holds], ...(otherwise === undefined ? [] : [['else', otherwise] as const])]);
