import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type FactTest, type OperatorContext, PolicyError, type ValueTest } from '../../../src/policy/definition.ts';
import { ExpressionBudget } from '../../../src/policy/expression-budget.ts';
import type { Json } from '../../../src/policy/json.ts';
import { lists } from '../../../src/policy/lists/index.ts';
import { operators } from '../../../src/policy/operators/index.ts';
import type { ListType } from '../../../src/policy/syntax.ts';
import { types } from '../../../src/policy/types/index.ts';
import { Unknown } from '../../../src/policy/value.ts';
import { given } from './given.ts';

const site: ReadonlyMap<string, readonly [ListType, readonly string[]]> = new Map([
  ['hosts', ['cidr', ['10.0.0.0/8']]],
  ['domains', ['domain', ['example.com']]],
  ['locals', ['string', ['Abuse']]],
] as const);

const contextFor = (typeName: string): OperatorContext => {
  const type = types.get(typeName);
  assert.ok(type);
  return {
    type,
    collection: false,
    fields: undefined,
    list: (name) => {
      const [listType, entries] = site.get(name) ?? [];
      return listType === undefined ? undefined : lists.get(listType)?.compile(entries ?? []).membership;
    },
    nested: () => assert.fail('nothing nests here'),
    expressions: new ExpressionBudget(),
    read: (facts, name) => facts.get(name) ?? null,
  };
};

const compile = (operator: string, operand: Json, type: string): ValueTest | FactTest => {
  const definition = operators.get(operator);
  assert.ok(definition);
  return definition.compile(operand, contextFor(type));
};

const nothing = given({});

suite('lists in conditions', () => {
  test('a list is used by name', () => {
    assert.equal(compile('in', 'hosts', 'ip')('10.1.2.3', nothing), true);
    assert.equal(compile('not_in', 'hosts', 'ip')('10.1.2.3', nothing), false);
    assert.equal(compile('in', 'domains', 'domain')('www.example.com', nothing), false);
  });

  test('operators follow the case sensitivity of the fact', () => {
    assert.equal(compile('in', 'locals', 'local-part')('abuse', nothing), true);
    assert.equal(compile('in', 'locals', 'string')('abuse', nothing), false);
  });
});

suite('operands that make no sense', () => {
  const wrong: readonly (readonly [string, Json, string, string, readonly (string | number)[]])[] = [
    ['in', 'nobody', 'ip', 'RLY2002', []],
    ['in', 'domains', 'ip', 'RLY2010', []],
    ['in', ['10.0.0.1', '10.0.0.0/33'], 'ip', 'RLY2008', [1]],
    ['eq', 'someday', 'weekday', 'RLY2008', []],
    ['gt', 'big', 'scalar', 'RLY2008', []],
    ['glob', '', 'string', 'RLY2008', []],
    ['matches', ['a', '('], 'string', 'RLY2014', [1]],
    ['same_as', 'client.nobody', 'string', 'RLY2001', []],
  ];
  for (const [operator, operand, type, code, path] of wrong)
    test(`${operator} ${JSON.stringify(operand)} on ${type}`, () => {
      assert.throws(
        () => compile(operator, operand, type),
        (error: unknown) => {
          assert.ok(error instanceof PolicyError);
          assert.deepEqual([error.code, error.path], [code, path]);
          return true;
        },
      );
    });

  test('operators are offered only where they make sense', () => {
    const offered = (type: string, collection: boolean): readonly string[] => {
      const valueType = types.get(type);
      assert.ok(valueType);
      return [...operators.values()].filter(({ operand }) => operand(valueType, collection, undefined) !== null).map(({ name }) => name);
    };
    const common = ['eq', 'exists', 'in', 'ne', 'not_in', 'same_as'];
    assert.deepEqual([...offered('boolean', false)].sort(), common);
    assert.deepEqual([...offered('size', false)].sort(), [...common, 'gt', 'gte', 'lt', 'lte'].sort());
    assert.deepEqual([...offered('weekday', true)].sort(), [...common, 'any', 'count', 'every'].sort());
  });
});

suite('same_as', () => {
  test('unknown stays unknown, absent is never the same', () => {
    const same = compile('same_as', 'client.rdns', 'domain');
    assert.equal(same('a.example', { get: () => new Unknown('time-out') }), undefined);
    assert.equal(same('a.example', given({ 'client.rdns': 'absent' })), false);
    assert.equal(same('a.example', given({ 'client.rdns': 'A.example.' })), true);
  });
});

test('a regular expression reads no more than its limit', () => {
  const found = compile('matches', 'needle', 'string');
  assert.equal(found(`${'x'.repeat(65_000)}needle`, nothing), true);
  assert.equal(found(`${'x'.repeat(65_536)}needle`, nothing), false);
});
