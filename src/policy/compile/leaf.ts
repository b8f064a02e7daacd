import type { FactTest, OperatorContext, OperatorDefinition, ValueTest, ValueType } from '../definition.ts';
import { PolicyError } from '../definition.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { keptName } from '../facts/find.ts';
import { isObject, type Json } from '../json.ts';
import type { Meaning } from '../meaning.ts';
import { operators } from '../operators/index.ts';
import { and, type Truth, truthName } from '../truth.ts';
import { type Reach, saysUnknown, truthOnUnknown } from '../uncertain.ts';
import { type Element, type FactSource, type FactValue, isCollection, isFields, type Known, Unknown } from '../value.ts';
import type { Scope } from './scope.ts';
import { show } from './show.ts';
import type { Key, Test } from './test.ts';
import type { View } from './view.ts';

/** One operator on one fact. Throws `PolicyError` where the operand makes no sense. */
export const leaf = (fact: string, definition: FactDefinition, operator: OperatorDefinition, operand: Json, scope: Scope): Test => {
  const context = contextOf(definition, scope);
  const test = compileOperator(operator, operand, context);
  const reach = reachOf(operator);
  const truth = (view: View): Truth => ask(test, view.read(fact, definition), view, reach);
  return {
    truth,
    why: (view) => [reason(fact, view.read(fact, definition), operator, operand, truth(view))],
    asks: [fact],
    costly: definition.lookUp !== undefined,
    keys: definition.changedByRules === 'at once' ? [] : keysOf(fact, operator, operand, context),
  };
};

type Asked = (value: Known | null, facts: FactSource) => Truth;

const ask = (test: Asked, value: FactValue, facts: FactSource, reach: Reach): Truth =>
  value instanceof Unknown ? truthOnUnknown(value, (one) => test(one, facts), reach) : test(value, facts);

const compileOperator = (operator: OperatorDefinition, operand: Json, context: OperatorContext): FactTest =>
  operator.asks === 'fact' ? operator.compile(operand, context) : perValue(operator.compile(operand, context));

/** Absent: false. A collection: one element satisfies. */
const perValue =
  (test: ValueTest): FactTest =>
  (value, facts) => {
    if (value === null) return false;
    if (!isCollection(value)) return test(value, facts);
    return someElement(value, test, facts);
  };

const someElement = (elements: readonly Element[], test: ValueTest, facts: FactSource): Truth => {
  let some: Truth = false;
  for (const element of elements) {
    const one = isFields(element) ? false : test(element, facts);
    if (one === true) return true;
    if (one === undefined) some = undefined;
  }
  return some;
};

const reaches = new WeakMap<OperatorDefinition, Reach>();

/** Kept for the operator: ten thousand rules use the same few. */
const reachOf = (operator: OperatorDefinition): Reach => {
  const known = reaches.get(operator);
  if (known) return known;
  const reach: Reach = { perMember: operator.asks === 'value', ordered: operator.ordered === true };
  reaches.set(operator, reach);
  return reach;
};

const contexts = new WeakMap<Scope, Map<FactDefinition, OperatorContext>>();

/** Kept for the scope: ten thousand rules ask the same few facts. */
const contextOf = (definition: FactDefinition, scope: Scope): OperatorContext => {
  const ofScope = contexts.get(scope) ?? new Map<FactDefinition, OperatorContext>();
  contexts.set(scope, ofScope);
  const context = ofScope.get(definition) ?? freshContext(definition, scope);
  ofScope.set(definition, context);
  return context;
};

const freshContext = (definition: FactDefinition, scope: Scope): OperatorContext => ({
  type: definition.type,
  collection: definition.collection,
  fields: definition.fields,
  list: (name) => scope.lists.get(name),
  expressions: scope.expressions,
  nested: (written, type) => nested(written, type, scope),
  read: readOther,
});

const readOther = (facts: FactSource, name: string): FactValue => facts.get(keptName(name)) ?? null;

/** A mapping of operators, a value or a list of values about one value of `type`. */
const nested = (written: Json, type: ValueType, scope: Scope): ValueTest => {
  const mapping = isObject(written) ? written : { [Array.isArray(written) ? 'in' : 'eq']: written };
  const context: OperatorContext = {
    type,
    collection: false,
    fields: undefined,
    list: (name) => scope.lists.get(name),
    expressions: scope.expressions,
    nested: (w, t) => nested(w, t, scope),
    read: readOther,
  };
  const tests = Object.entries(mapping).map(([name, operand]) => {
    const operator = operators.get(name);
    if (operator === undefined)
      throw new PolicyError('RLY2005', `there is no operator \`${name}\``, 'Use one of the operators of the reference.', [name]);
    return compileOperator(operator, operand, context);
  });
  return (value, facts) => tests.reduce<Truth>((all, test) => and(all, test(value, facts)), true);
};

const reason = (fact: string, value: FactValue, operator: OperatorDefinition, operand: Json, truth: Truth): string => {
  if (value instanceof Unknown) return saysUnknown(fact, value);
  if (truth === undefined) return `${fact} ${operator.name}: ${truthName(truth)}`;
  if (value === null && operator.name !== 'exists') return `${fact} is absent`;
  return value === null ? `${fact} ${operator.says(operand, truth)}` : `${fact} ${show(value)} ${operator.says(operand, truth)}`;
};

/** Every text begins with none. */
const isAnything = (meaning: Meaning): boolean => 'text' in meaning && meaning.text === '';

/** What values the operator can hold for at all; none where it does not say, or where it evaluates the fact as a whole. */
const keysOf = (fact: string, operator: OperatorDefinition, operand: Json, context: OperatorContext): readonly Key[] => {
  if (operator.asks === 'fact' || context.type.aliases !== undefined) return [];
  const meanings = operator.means?.(operand, context) ?? null;
  return meanings === null || meanings.some(isAnything) ? [] : [meanings.map((meaning) => ({ fact, meaning }))];
};
