import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { isArray, isObject, type Json, type JsonObject } from '../../src/policy/json.ts';

/* What editors are given: the files in schemas/, not the objects they are made from. */

const published = (name: string): JsonObject => {
  const schema: Json = JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));
  assert.ok(isObject(schema));
  return schema;
};

const validator = (name: string): ValidateFunction => new Ajv({ strict: false, allErrors: true }).compile(published(name));

const assertValid = (validate: ValidateFunction, file: string): void => {
  assert.ok(validate(parse(readFileSync(file, 'utf8'))), `${file}: ${JSON.stringify(validate.errors)}`);
};

const referred = (schema: JsonObject, root: JsonObject): JsonObject => {
  const { definitions } = root;
  const name = typeof schema.$ref === 'string' ? schema.$ref.slice('#/definitions/'.length) : null;
  const found = name !== null && isObject(definitions) ? definitions[name] : undefined;
  return isObject(found) ? found : {};
};

/** These only narrow what is described beside them. */
const NARROWING: ReadonlySet<string> = new Set(['allOf', 'if', 'then', 'else']);

/** Places of keys that an editor has nothing to say about. */
const bare = (part: Json, root: JsonObject, place = ''): readonly string[] => {
  if (isArray(part)) return part.flatMap((item, index) => bare(item, root, `${place}/${index}`));
  if (!isObject(part)) return [];
  const keys = [part.properties, part.patternProperties].flatMap((one) => (isObject(one) ? Object.entries(one) : []));
  const mute = keys.filter(([, key]) => !isObject(key) || (key.description ?? referred(key, root).description) === undefined);
  return [
    ...mute.map(([name]) => `${place}/${name}`),
    ...Object.entries(part).flatMap(([name, inner]) =>
      NARROWING.has(name) && (part.properties !== undefined || name === 'allOf') ? [] : bare(inner, root, `${place}/${name}`),
    ),
  ];
};

suite('published schemas', () => {
  test('the shipped policies match the policy schema', () => {
    const validate = validator('policy');
    for (const file of readdirSync('rules').filter((name) => name.endsWith('.yaml'))) assertValid(validate, `rules/${file}`);
  });

  test('the shipped configuration matches its schema', () => assertValid(validator('relay'), 'config/relay.yaml'));

  test('each schema has its own $id, which other schemas can reference', () => {
    const ajv = new Ajv({ strict: false });
    for (const name of ['policy', 'relay']) ajv.addSchema(published(name));
    assert.equal(
      ajv.validate('urn:relayctl:schema:policy:1#/definitions/grant', { id: 'a', when: { 'sender.null': true } }),
      true,
      ajv.errorsText(),
    );
    assert.equal(ajv.validate('urn:relayctl:schema:configuration:1', { version: 1, listeners: [], port: 25 }), false);
  });

  for (const name of ['policy', 'relay'])
    test(`every key of ${name} is described`, () => assert.deepEqual(bare(published(name), published(name)), []));

  test('an unknown key is rejected', () => {
    assert.equal(validator('policy')({ version: 1, rule: [] }), false);
    assert.equal(validator('relay')({ version: 1, listeners: [], port: 25 }), false);
  });
});
