import { type OperatorContext, PolicyError, type ValueTest, type ValueType } from '../definition.ts';
import { asArray, type Json, type JsonSchema } from '../json.ts';

/** One text or several, of which one has to fit; only on facts that are text. */
export const textOperand = (type: ValueType, fields: Readonly<Record<string, ValueType>> | undefined, what: string): JsonSchema | null =>
  !type.textual || fields !== undefined
    ? null
    : {
        type: ['string', 'array'],
        minLength: 1,
        minItems: 1,
        items: { type: 'string', minLength: 1 },
        description: `${what}, or several in brackets`,
      };

export const texts = (operand: Json): readonly string[] => asArray(operand).map(String);

type Matcher = (value: string) => boolean;

/** Holds if one of the texts fits. `compile` throws `PolicyError` at the text that is wrong. */
export const anyText = (operand: Json, compile: (text: string) => Matcher): ValueTest => {
  const several = Array.isArray(operand);
  const matchers = asArray(operand).map((text, index) => compileAt(String(text), several ? [index] : [], compile));
  const [only] = matchers;
  if (matchers.length === 1 && only !== undefined) return (value) => only(String(value));
  return (value) => matchers.some((matches) => matches(String(value)));
};

const compileAt = (text: string, path: readonly number[], compile: (text: string) => Matcher): Matcher => {
  try {
    return compile(text);
  } catch (error) {
    throw error instanceof PolicyError ? new PolicyError(error.code, error.message, error.help, path) : error;
  }
};

/** Part of a value, in the form in which the values of the type are kept. */
export const fragment = (text: string, { type }: OperatorContext): string =>
  type.part?.(text) ?? (type.caseless ? text.toLowerCase() : text);
