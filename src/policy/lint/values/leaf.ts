import type { Membership, OperatorContext, OperatorDefinition, ValueTest, ValueType } from '../../definition.ts';
import { PolicyError } from '../../definition.ts';
import { ExpressionBudget } from '../../expression-budget.ts';
import type { Json } from '../../json.ts';
import { meaningsPattern } from '../../meaning.ts';
import { operators } from '../../operators/index.ts';
import type { Pattern } from '../../reason/pattern.ts';
import type { Truth } from '../../truth.ts';
import type { Scalar } from '../../value.ts';

/** One operator with its operand, on values of a type. */
export interface Leaf {
  readonly operator: string;
  readonly operand: Json;
  readonly type: ValueType;
  /** The values are this part of an address; the whole of it, if left out. */
  readonly part?: 'before' | 'behind' | undefined;
}

/** Lists that are small enough to be reasoned about, compiled. */
export type SmallLists = ReadonlyMap<string, Membership>;

type OfValue = Extract<OperatorDefinition, { asks: 'value' }>;

/** `null` if there is no such operator, or it tests more than one value at a time. */
export const valueOperator = (name: string): OfValue | null => {
  const found = operators.get(name);
  return found?.asks === 'value' ? found : null;
};

const contextOf = (type: ValueType, lists: SmallLists): OperatorContext => ({
  type,
  collection: false,
  fields: undefined,
  list: (name) => lists.get(name),
  expressions: new ExpressionBudget(),
  nested: () => () => undefined,
  read: () => null,
});

/** The result of `use`; `null` if the operand does not compile, which is reported elsewhere. */
const attempted = <T>(leaf: Leaf, lists: SmallLists, use: (operator: OfValue, context: OperatorContext) => T): T | null => {
  const operator = valueOperator(leaf.operator);
  if (operator === null) return null;
  try {
    return use(operator, contextOf(leaf.type, lists));
  } catch (error) {
    if (error instanceof PolicyError) return null;
    throw error;
  }
};

/** Tests of one text, which several checks ask about; dropped with the lists of the site. */
const compiled = new WeakMap<SmallLists, Map<string, ValueTest | null>>();

/** The test as rules make it. */
export const testOf = (leaf: Leaf, lists: SmallLists): ValueTest | null => {
  const compile = (): ValueTest | null => attempted(leaf, lists, (operator, context) => operator.compile(leaf.operand, context));
  if (typeof leaf.operand !== 'string') return compile();
  const tests = compiled.get(lists) ?? new Map<string, ValueTest | null>();
  compiled.set(lists, tests);
  const key = `${leaf.operator} ${leaf.type.name} ${leaf.operand}`;
  const known = tests.get(key);
  if (known !== undefined) return known;
  const made = compile();
  tests.set(key, made);
  return made;
};

/** No other facts: what such an operator says depends on the one value. */
const NO_FACTS = { get: () => undefined };

export const holdsFor = (test: ValueTest, value: Scalar): Truth => test(value, NO_FACTS);

/** The texts for which it holds; `null` if no pattern describes them. */
export const patternOf = (leaf: Leaf, lists: SmallLists): Pattern | null =>
  leaf.type.aliases !== undefined
    ? null
    : attempted(leaf, lists, (operator, context) => {
        const told = operator.opposite === undefined ? operator : (valueOperator(operator.opposite) ?? operator);
        if (told.pattern !== undefined) return told.pattern(leaf.operand, context);
        return meaningsPattern(told.means?.(leaf.operand, context) ?? null);
      });
