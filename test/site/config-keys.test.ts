import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isObject, type Json, type JsonSchema } from '../../src/policy/json.ts';
import { configOf, type RelayConfig } from '../../src/site/config/config.ts';
import { asStarted, decidingPart, restartNeeded, sameServices } from '../../src/site/config/effects.ts';
import { camelCase, type Key, optional } from '../../src/site/config/key.ts';
import { SERVICE_KEYS } from '../../src/site/config/keys/services/index.ts';
import { mapping } from '../../src/site/config/nested-keys.ts';
import { count, path, text, time } from '../../src/site/config/scalar-keys.ts';
import { RELAY_KEYS, SITE_KEYS } from '../../src/site/config/site-keys.ts';

const WRITTEN = { version: 1, listeners: [{ name: 'mx', address: '127.0.0.1:2525' }] };
const CONFIG = configOf(WRITTEN, '/site');
const CONTEXT = { root: '/site', site: WRITTEN };

/** The same with another value for one key, whatever that may be. */
const changed = (config: RelayConfig, key: string, value: unknown): RelayConfig => {
  const property = { [camelCase(key)]: value };
  return Object.hasOwn(SERVICE_KEYS, key)
    ? { ...config, services: Object.assign({}, config.services, property) }
    : Object.assign({}, config, property);
};

const propertiesOf = ({ properties }: JsonSchema): readonly JsonSchema[] =>
  isObject(properties) ? Object.values(properties).filter((one): one is JsonSchema => isObject(one)) : [];

const descriptionsOf = (schema: JsonSchema): readonly (Json | undefined)[] => [
  schema.description,
  ...[...propertiesOf(schema), schema.items ?? null, schema.additionalProperties ?? null].filter(isObject).flatMap(descriptionsOf),
];

suite('keys of the configuration', () => {
  for (const [name, key] of Object.entries(SITE_KEYS)) {
    const isService = Object.hasOwn(SERVICE_KEYS, name);
    const after = changed(CONFIG, name, 'changed');

    test(`${name} documents when a change takes effect`, () => {
      assert.equal(typeof key.decidesPolicy, 'boolean');
      assert.ok(['on reload', 'at start', 'presence at start'].includes(key.takenUp));
      assert.notDeepEqual(after, CONFIG, 'the configuration has no such property');
    });

    test(`${name} is part of the policy version if it decides policy`, () => {
      const versionChanges = JSON.stringify(decidingPart(after)) !== JSON.stringify(decidingPart(CONFIG));
      assert.equal(versionChanges, key.decidesPolicy);
    });

    test(`${name} rebuilds the services if look-ups need it`, () => assert.equal(sameServices(CONFIG, after), !isService));

    test(`${name} requires a restart if it is read at startup`, () => {
      const [before, now] = key.takenUp === 'presence at start' ? [changed(CONFIG, name, null), after] : [CONFIG, after];
      assert.deepEqual(restartNeeded(before, now), key.takenUp === 'on reload' ? [] : [name]);
      assert.deepEqual(asStarted(before, now), key.takenUp === 'on reload' ? now : before);
    });

    test(`${name} and all below it are documented`, () =>
      assert.deepEqual(
        descriptionsOf(key.schema).filter((one) => typeof one !== 'string' || one === ''),
        [],
      ));

    test(`${name} defaults as documented`, () => {
      if (key.schema.default === undefined) return;
      assert.deepEqual(key.read(undefined, CONTEXT), key.read(key.schema.default, CONTEXT));
    });
  }

  test('no key is both a service and something else', () =>
    assert.deepEqual(
      Object.keys(RELAY_KEYS).filter((name) => Object.hasOwn(SERVICE_KEYS, name)),
      [],
    ));

  test('one declaration gives schema, default, type and value', () => {
    const scanner = mapping('A scanner.', {
      socket_path: path('Where it listens.', { default: 'run/scanner' }),
      time_limit: time('How long it may take.', '5s'),
      header: optional(text('Field of its verdict.')),
      tries: count('Attempts.', 2),
    });
    const typed: Key<{
      readonly socketPath: string;
      readonly timeLimit: number;
      readonly header: string | null;
      readonly tries: number;
    }> = scanner;
    assert.deepEqual(typed.read({ tries: 3 }, CONTEXT), { socketPath: '/site/run/scanner', timeLimit: 5000, header: null, tries: 3 });
    assert.deepEqual(scanner.schema.required, []);
    assert.deepEqual(scanner.schema.default, {});
    assert.deepEqual(
      scanner.check({ socket_path: '../out' }, CONTEXT).map(({ path: at, code }) => [at, code]),
      [[['socket_path'], 'RLY5001']],
    );
  });

  test('a value that violates its schema is an internal error that names it', () =>
    assert.throws(() => count('Attempts.', 2).read('many', CONTEXT), /Attempts/));
});
