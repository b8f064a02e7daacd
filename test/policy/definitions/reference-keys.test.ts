import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { actions } from '../../../src/policy/actions/index.ts';
import { facts } from '../../../src/policy/facts/index.ts';
import { isObject, type Json, type JsonObject } from '../../../src/policy/json.ts';
import { expectation, givenSchema } from '../../../src/policy/schema/test.ts';

/* What a schema allows, the reference names: a key that only an editor or a shipped rule knows is not documented. */

const reference = readFileSync('docs/reference.md', 'utf8');

const mapping = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const titleOf = (schema: Json): string => String(mapping(schema).title ?? '');

const hasRow = (name: string): void => assert.ok(reference.includes(`\n| \`${name}\``), `the reference has a row for ${name}`);

/** `^header\.…$` -> `header.` */
const prefixOf = (pattern: string): string => /^\^(\w+)\\\./.exec(pattern)?.[1] ?? pattern;

suite('the reference has every key', () => {
  for (const [part, schema] of [
    ['given', givenSchema()],
    ['expect', expectation],
  ] as const)
    test(`\`${part}:\` of a test`, () => {
      for (const name of Object.keys(mapping(schema.properties))) if (!facts.has(name)) hasRow(name);
      for (const [pattern, key] of Object.entries(mapping(schema.patternProperties)))
        if (part === 'expect' || !facts.has(`${prefixOf(pattern)}.`)) hasRow(titleOf(key));
    });

  for (const { name, argument } of actions.values())
    test(`action ${name}`, () => Object.keys(mapping(argument.properties)).forEach(hasRow));
});
