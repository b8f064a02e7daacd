import { isObject, type JsonSchema } from '../../src/policy/json.ts';
import { policySchema } from '../../src/policy/schema/policy-schema.ts';
import { grant, list, route, rule } from '../../src/policy/schema/sections.ts';
import { expectation, givenSchema, testSchema } from '../../src/policy/schema/test.ts';
import { form, keysOf } from './keys.ts';
import { code, sentence, table } from './markdown.ts';

const INTRODUCTION = `## A policy file

YAML 1.2, closed: an unknown or duplicate key, an unknown tag or a document too deep or too large is an error with its place.
Files and their order stand under \`policies:\` in [the configuration](configuration.md). The full name of a rule is
\`<file without .yaml>/<id>\`, \`10-relay/inbound\`.
`;

const CONDITION = `### A condition

A mapping, all of whose entries must hold. An entry is the name of a [fact](#facts), or one of \`all\`, \`any\`, \`none\`, \`not\`.

| entry | holds when |
| --- | --- |
| \`<fact>: value\` | the fact equals it; of a set, one element does |
| \`<fact>: [a, b]\` | it equals one of them |
| \`<fact>: { <operator>: … }\` | all the [operators](#operators) hold |
`;

const CASES = [
  `With \`cases:\` a test becomes a table: each case is a test of its own. Its \`given\` and \`expect\` are added to those of the test, and win where
both name the same key.

\`\`\`yaml
tests:
  - name: executables
    given: { recipient.address: ann@example.com }
    expect: { at: data_post, verdict: reject }
    cases:
      - { name: exe, given: { attachment: [{ extension: exe }] } }
      - { name: text, given: { attachment: [{ extension: txt }] }, expect: { verdict: none } }
\`\`\`
`,
];

const GIVEN = `### \`given:\` of a test

The session, and the same for \`--given\` of \`relayctl explain\`: each [fact](#facts) takes a value, \`absent\` or \`unknown\`.
Limits and greylists count nothing in a test: what they would answer is given, too; a limit is not reached, and a greylist lets
the mail pass, where nothing is given.
`;

const part = (schema: JsonSchema, key: string): JsonSchema => {
  const found = isObject(schema.properties) ? schema.properties[key] : undefined;
  return isObject(found) ? found : {};
};

const definition = (name: string): JsonSchema => {
  const { definitions } = policySchema();
  const found = isObject(definitions) ? definitions[name] : undefined;
  return isObject(found) ? found : {};
};

export const keyTable = (keys: ReturnType<typeof keysOf>): string =>
  table(
    ['key', 'takes', 'meaning'],
    keys.map(({ name, schema, required, doc }) => [`${code(name)}${required ? ' (required)' : ''}`, form(schema), doc]),
  );

const section = (title: string, schema: JsonSchema): readonly string[] => [
  `### ${title}\n`,
  `${sentence(String(schema.description ?? ''))}\n`,
  keyTable(keysOf(schema)),
];

const JOINTS: ReadonlySet<string> = new Set(['all', 'any', 'none', 'not']);

/** The keys of a policy file and of all its parts. */
export const keySections = (): readonly string[] => [
  INTRODUCTION,
  keyTable(keysOf(policySchema())),
  ...section('A list under `lists:`', list),
  ...section('A grant', grant),
  ...section('A rule', rule),
  ...section('`limit:` of a rule', part(rule, 'limit')),
  ...section('A route', route),
  ...section('`auth:` of a route', part(route, 'auth')),
  CONDITION,
  keyTable(keysOf(definition('condition')).filter(({ name }) => JOINTS.has(name))),
  ...section('A test', testSchema()),
  ...CASES,
  GIVEN,
  keyTable(keysOf(givenSchema()).filter(({ name }) => name.endsWith('<rule id>'))),
  ...section('`expect:` of a test', expectation),
];
