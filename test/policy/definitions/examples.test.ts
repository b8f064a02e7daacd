import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { stringify } from 'yaml';
import { actions } from '../../../src/policy/actions/index.ts';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import type { ActionExample, ConditionExample } from '../../../src/policy/definition.ts';
import { facts } from '../../../src/policy/facts/index.ts';
import { isArray, isObject, type Json } from '../../../src/policy/json.ts';
import { operators } from '../../../src/policy/operators/index.ts';
import { truthName } from '../../../src/policy/truth.ts';
import { compiled } from '../compiled.ts';
import { given } from './given.ts';

/* The examples of the reference, evaluated by the one evaluator after the whole way through YAML and schema. */

const ruleText = (on: string, rest: readonly (readonly [string, Json])[]): string =>
  stringify({ version: 1, rules: [Object.fromEntries([['id', 'example'], ['on', on], ...rest])] });

const checkCondition = ({ when, given: session, holds }: ConditionExample): void => {
  const policy = compiled(
    ruleText('queue', [
      ['when', when],
      ['then', { tag: 'held' }],
    ]),
  );
  const { decision } = evaluate(policy, 'queue', given(session), { trace: true });
  assert.equal(decision.trace[0]?.result, truthName(holds), decision.trace[0]?.why.join('; '));
  assert.equal(decision.effects.length, holds === true ? 1 : 0);
};

/** Every field that is named is equal. */
const assertContains = (actual: unknown, expected: Json): void => {
  if (isArray(expected) && Array.isArray(actual)) {
    assert.equal(actual.length, expected.length);
    for (const [index, one] of expected.entries()) assertContains(actual[index], one);
  } else if (isObject(expected) && typeof actual === 'object' && actual !== null) {
    const fields = new Map<string, unknown>(Object.entries(actual));
    for (const [name, one] of Object.entries(expected)) assertContains(fields.get(name), one);
  } else assert.deepEqual(actual, expected);
};

const checkAction = ({ on, written, given: session, decides }: ActionExample): void => {
  const grants = 'grants: [{ id: anybody, when: { recipient.index: { exists: false } } }]\n';
  const policy = compiled(`${grants}${ruleText(on, [['then', written]]).replaceAll('test/example', 'p/example')}`);
  const facts = Object.fromEntries(Object.entries(session).map(([name, value]) => [name.replace('test/example', 'p/example'), value]));
  assertContains(evaluate(policy, on, given(facts), { trace: false }).decision, decides);
};

suite('examples of facts', () => {
  for (const fact of facts.values()) test(fact.name, () => checkCondition(fact.example));
});

suite('examples of operators', () => {
  for (const operator of operators.values())
    operator.examples.forEach((example, index) => {
      test(`${operator.name} ${index + 1}`, () => checkCondition(example));
    });
});

suite('examples of actions', () => {
  for (const action of actions.values())
    action.examples.forEach((example, index) => {
      test(`${action.name} ${index + 1}`, () => checkAction(example));
    });
});
