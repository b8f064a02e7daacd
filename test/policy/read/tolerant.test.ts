import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { stringify } from 'yaml';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { isArray, isObject, type Json } from '../../../src/policy/json.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readDocument } from '../../../src/policy/read/document.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { siteFiles } from '../../../src/policy/read/site-files.ts';

const files = siteFiles('.');

const shipped = readdirSync('rules')
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({ path: `rules/${name}`, text: readFileSync(`rules/${name}`, 'utf8') }))
  .map(({ path, text }) => ({ path, text, file: readPolicy(path, text, files).file }));

const writtenIn = (text: string): Json => readDocument('a.yaml', text).document?.value ?? null;

const faulty = (part: Json | undefined): Json => ({ ...(isObject(part) ? part : {}), nonsense: 1 });

/** Policies of which the first or the last part of a section has a key that there is not. */
function* withFault(value: Json): Generator<Json> {
  if (!isObject(value)) return;
  for (const [section, parts] of Object.entries(value)) {
    if (isArray(parts)) for (const at of new Set([0, parts.length - 1])) yield { ...value, [section]: parts.with(at, faulty(parts[at])) };
    else if (isObject(parts))
      for (const [name, part] of Object.entries(parts)) yield { ...value, [section]: { ...parts, [name]: faulty(part) } };
  }
}

/** Reader and linter on the shipped site with another text in the place of one policy. */
const saidOf = (path: string, text: string): readonly Diagnostic[] => {
  const read = readPolicy(path, text, files);
  const site = shipped.flatMap((other) => (other.path === path ? read.file : other.file) ?? []);
  assert.equal(site.length, shipped.length);
  return [...read.diagnostics, ...lintSite(site, { files, now: 0 })];
};

it('a fault in a part of the shipped site is the only thing that is said', () => {
  for (const { path, text } of shipped)
    for (const broken of withFault(writtenIn(text))) {
      const said = saidOf(path, stringify(broken, { aliasDuplicateObjects: false }));
      assert.deepEqual(
        said.map(({ message }) => message),
        ['Unknown key nonsense'],
        path,
      );
    }
});

it('a policy that lacks a part is never one to enforce', () => {
  const { file } = readPolicy('rules/a.yaml', 'version: 1\nrules:\n  - { id: a, on: helo, then: rejcet }\n', files);
  assert.equal(file && compilePolicy([file], 'test').policy, null);
});

it('an expression in a block scalar is pointed at, not the line with its |', () => {
  const policy = `version: 1
rules:
  - id: a
    on: helo
    when:
      helo.name:
        matches: |-
          ^[a-z
    then: reject
`;
  const { file } = readPolicy('rules/a.yaml', policy, files);
  const [told] = file ? compilePolicy([file], 'test').diagnostics : [];
  assert.deepEqual([told?.code, told?.at.line, told?.at.column, told?.at.endColumn], ['RLY2014', 8, 11, 16]);
});
