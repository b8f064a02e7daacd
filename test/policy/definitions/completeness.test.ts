import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { actions } from '../../../src/policy/actions/index.ts';
import { facts } from '../../../src/policy/facts/index.ts';
import { HOOKS } from '../../../src/policy/hook.ts';
import { checks } from '../../../src/policy/lint/checks/index.ts';
import { lists } from '../../../src/policy/lists/index.ts';
import { operators } from '../../../src/policy/operators/index.ts';
import { LIST_TYPES } from '../../../src/policy/syntax.ts';
import { types } from '../../../src/policy/types/index.ts';
import { SERVICE_KEYS } from '../../../src/site/config/keys/services/index.ts';
import { lookUpKeys } from '../../../src/site/config/look-up-keys.ts';
import { readKeys } from '../../../src/site/config/nested-keys.ts';
import { scriptFrom } from '../../kit/main.ts';
import { usesAction, usesFact, usesOperator, withoutRemarks } from './used-in-policies.ts';

/* A definition without a doc line, an example or a test is not finished. Examples are tests: see examples.test.ts. */

/** What the scaffold leaves to be filled in. */
const PLACEHOLDER = /One sentence:/;

const textsIn = (folder: string, ending: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.endsWith('completeness.test.ts'))
    .map((file) => withoutRemarks(readFileSync(`${folder}/${file}`, 'utf8')))
    .join('\n');

/** The policies of all tests: of the one that the scaffold writes for each definition, of others, and those that ship. */
const TESTED = textsIn('test', '.ts') + textsIn('rules', '.yaml');

const reference = readFileSync('docs/reference.md', 'utf8');

/** Facts whose elements have fields: nothing that compares one value can be asked of them. */
const RECORDS = [...facts.values()].filter(({ fields }) => fields !== undefined);

/** Keys of look-ups that a site has only if it writes them. */
const LEFT_OUT = (() => {
  const there = lookUpKeys({ services: readKeys(SERVICE_KEYS, {}, { root: '/', site: {} }) });
  return Object.keys(SERVICE_KEYS).filter((key) => !there.has(key));
})();

const SERVICE_FILES = ['src/lookup/services', 'src/site/config/keys/services'].flatMap((folder) =>
  readdirSync(folder).map((file) => `${folder}/${file}`),
);

const assertDocumented = (name: string, doc: string): void => {
  assert.match(doc, /^\S.{10,300}\.$/, `${name} needs one doc line, a sentence`);
  assert.doesNotMatch(doc, PLACEHOLDER, `${name} has the doc line of the scaffold`);
  assert.ok(reference.includes(name), `${name} is not in the reference`);
};

suite('completeness', () => {
  for (const fact of facts.values())
    test(`fact ${fact.name}`, () => {
      assertDocumented(fact.name, fact.doc);
      assert.ok(usesFact(TESTED, fact.name), 'a test uses it');
      const asked = Object.keys(fact.example.when).map((name) => name.replace(/^(header|raw_header|dnsbl|result)\..*$/, '$1.<name>'));
      assert.deepEqual(asked, [fact.name], 'its example asks it');
      assert.ok(types.has(fact.type.name), 'its type is registered');
      assert.ok((fact.hooks ?? [fact.from]).includes(fact.from), 'it is known where it begins');
      assert.ok(fact.configuredBy === undefined || fact.configuredBy in SERVICE_KEYS, 'what configures it is a key of look-ups');
      assert.equal(
        fact.assumed !== undefined,
        fact.lookUp !== undefined,
        'a look-up, and nothing else, has a value for tests that do not give it',
      );
    });

  for (const key of LEFT_OUT)
    test(`a site without ${key} cannot use its look-ups`, () => {
      assert.ok(
        [...facts.values()].some(({ configuredBy }) => configuredBy === key),
        `no fact has configuredBy: '${key}'`,
      );
    });

  for (const file of SERVICE_FILES)
    test(file, () => assert.doesNotMatch(readFileSync(file, 'utf8'), PLACEHOLDER, 'it says what the scaffold says'));

  for (const operator of operators.values())
    test(`operator ${operator.name}`, () => {
      for (const fact of operator.asks === 'value' ? RECORDS : [])
        assert.equal(operator.operand(fact.type, fact.collection, fact.fields), null, `elements of ${fact.name} are not values to compare`);
      assertDocumented(operator.name, operator.doc);
      assert.ok(usesOperator(TESTED, operator.name), 'a policy of a test uses it');
      const outcomes = new Set(operator.examples.map((example) => example.holds));
      assert.ok(outcomes.has(true) && outcomes.has(false), 'examples that hold and that do not');
    });

  for (const action of actions.values())
    test(`action ${action.name}`, () => {
      assertDocumented(action.name, action.doc);
      assert.ok(usesAction(TESTED, action.name), 'a policy of a test uses it');
      assert.ok(action.examples.length > 0, 'an example');
      assert.ok(
        action.examples.every((example) => action.hooks.includes(example.on)),
        'examples stand at hooks it may stand at',
      );
      assert.ok(typeof action.argument.description === 'string', 'its argument is described');
      assert.deepEqual(
        action.hooks,
        HOOKS.filter((hook) => action.hooks.includes(hook)),
        'hooks in order',
      );
    });

  for (const list of lists.values()) test(`list ${list.name}`, () => assertDocumented(list.name, list.doc));
  for (const type of types.values())
    test(`type ${type.name}`, () => {
      assertDocumented(type.name, type.doc);
      assert.ok(typeof type.literal.description === 'string', 'its literal is described');
    });
  for (const check of checks.values())
    test(`lint ${check.name}`, () => {
      assert.match(check.doc, /^\S.{10,300}\.$/);
      assert.doesNotMatch(check.doc, PLACEHOLDER);
      assert.doesNotMatch(readFileSync(`src/policy/lint/checks/${check.name}.ts`, 'utf8'), PLACEHOLDER, 'it says what the scaffold says');
    });

  test('every list type has its definition', () => assert.deepEqual([...lists.keys()].sort(), [...LIST_TYPES].sort()));

  test('every operator, action, list type and lint check stands in a file of its own', () => {
    const filesIn = (folder: string, type: string): number =>
      readdirSync(`src/policy/${folder}`)
        .filter((file) => file.endsWith('.ts'))
        .filter((file) => new RegExp(`^export const \\w+: ${type} = `, 'm').test(readFileSync(`src/policy/${folder}/${file}`, 'utf8')))
        .length;
    assert.equal(filesIn('operators', 'OperatorDefinition'), operators.size);
    assert.equal(filesIn('actions', 'ActionDefinition'), actions.size);
    assert.equal(filesIn('lists', 'ListDefinition'), lists.size);
    assert.equal(filesIn('lint/checks', 'LintCheck'), checks.size);
  });

  test('a name outside a policy does not count as tested', () => {
    assert.ok(!usesOperator("Array.from({ length: 3 }); test('length');", 'length'));
    assert.ok(usesOperator('when: { auth.user: { length: 3 } }', 'length'));
    assert.ok(usesOperator("{ 'header.subject': { exists: true, length: 3 } }", 'length'));
    assert.ok(!usesAction("const score = { reject: 'score' };", 'score'));
    assert.ok(usesAction('then: { add_header: { name: X, value: y }, score: 3 }', 'add_header'));
    assert.ok(!usesFact("import { helo } from './helo.name';", 'helo.name'));
    assert.ok(usesFact('reply: "550 ${helo.name}"', 'helo.name'));
  });

  test('a comment or the title of a test tests nothing', () => {
    const use = "when: { helo.name: { eq: 'a' } }";
    for (const remark of [`// ${use}`, `/* ${use} */`, `test(\`${use}\`, () => {`, `  test(\n  "${use}", run)`, `rules: [] # ${use}`])
      for (const text of [remark, `'http://a' ${remark}\n'x'`])
        assert.ok(!usesOperator(withoutRemarks(text), 'eq') && !usesFact(withoutRemarks(text), 'helo.name'), text);
    for (const text of [use, `compiled(\`${use}\`)`, `'a // b'; ${use}`, `test('a', () => compiled("${use}"))`])
      assert.ok(usesOperator(withoutRemarks(text), 'eq'), text);
  });

  test('nothing generated is stale', () => {
    execFileSync(process.execPath, [...scriptFrom(import.meta.dirname, '../../../tools/generate'), '--check'], { stdio: 'pipe' });
  });
});
