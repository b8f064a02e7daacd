import { description, id } from '../forms/forms.ts';
import { ref } from '../forms/refs.ts';
import type { JsonSchema } from '../json.ts';
import { actionDefinitions } from './actions.ts';
import { conditionDefinitions } from './conditions.ts';
import { grant, list, route, rule } from './sections.ts';
import { expectation, givenSchema, testSchema } from './test.ts';

const sequence = (name: string, doc: string): JsonSchema => ({ type: 'array', items: ref(name), description: doc });

/** The schema of a policy file in which the sections refer to these definitions. */
export const policyOf = (definitions: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:relayctl:schema:policy:1',
  title: 'relayctl policy',
  type: 'object',
  description: 'A policy of relayctl: who may relay what, and how',
  properties: {
    version: { const: 1, description: 'Version of the language' },
    description,
    lists: {
      type: 'object',
      propertyNames: { pattern: id.pattern ?? '', description: id.description ?? '' },
      additionalProperties: ref('list'),
      description: 'Lists by name, shared by all policies of the site',
    },
    grants: sequence('grant', 'Who may relay what: a recipient that no grant allows is rejected with 550 5.7.1'),
    rules: sequence('rule', 'Rules, each for one hook, in the order they run'),
    routes: sequence('route', 'Where mail goes: the first route that holds; the last route of the site has no `when`'),
    tests: sequence('test', 'Tests of these rules; they run in `relayctl test` and before a reload takes effect'),
  },
  required: ['version'],
  additionalProperties: false,
  definitions: {
    list,
    test: testSchema(),
    given: givenSchema(),
    expectation,
    ...definitions,
  },
});

let built: JsonSchema | null = null;

/** The closed JSON Schema (draft 7) of a policy file, made from the definitions; always the same object. */
export const policySchema = (): JsonSchema => {
  built ??= policyOf({ grant, rule, route, ...conditionDefinitions(), ...actionDefinitions() });
  return built;
};
