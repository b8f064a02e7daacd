import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import { isArray, isObject, type Json } from '../../../src/policy/json.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readDocument } from '../../../src/policy/read/document.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { siteFiles } from '../../../src/policy/read/site-files.ts';
import { runs } from '../../kit/thorough.ts';

/*
 * Somewhere in a shipped policy a value is exchanged for another one. Whatever comes of it, reader, linter
 * and compiler answer with diagnostics: nothing that stands in a file makes them throw.
 */

const files = siteFiles('.');

const POLICIES = [
  'rules/10-relay.yaml',
  'rules/51-greylist.yaml',
  'rules/61-attachments.yaml',
  'rules/80-delivery.yaml',
  'rules/90-routes.yaml',
];

const shipped = POLICIES.map((path): Json => readDocument(path, files.read(path, 'yaml')).document?.value ?? null);

type Path = readonly (string | number)[];

const pathsOf = (value: Json, path: Path = []): readonly Path[] => {
  const parts: readonly (readonly [string | number, Json])[] = isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [path, ...parts.flatMap(([step, part]) => pathsOf(part, [...path, step]))];
};

const exchanged = (value: Json, path: Path, replacement: Json): Json => {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (isArray(value)) return value.map((part, index) => (index === step ? exchanged(part, rest, replacement) : part));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, key === step ? exchanged(part, rest, replacement) : part]));
};

const word = fc.constantFrom(
  '',
  'a',
  '10m',
  '${client.ip}',
  '${',
  '1.2.3.4/33',
  '*',
  '(',
  'ours',
  'unknown',
  '550 4.1.1 x',
  '2026-13-01',
  'é',
  'a@b',
);
const { value: replacements } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('in', 'gt', 'any', 'count', 'exists', 'client.ip', 'recipient.domain', 'then', 'reject', 'set', 'key'),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
}));

const maimed = fc
  .constantFrom(...shipped)
  .chain((policy) => fc.tuple(fc.constant(policy), fc.constantFrom(...pathsOf(policy)), replacements))
  .map(([policy, path, replacement]) => exchanged(policy, path, replacement));

it('no policy makes the reader, linter or compiler throw', () => {
  fc.assert(
    fc.property(maimed, (policy) => {
      const { file, diagnostics } = readPolicy('rules/case.yaml', stringify(policy), files);
      assert.ok(file !== null || diagnostics.length > 0);
      assert.ok(file === null || file.leftOut.length === 0 || diagnostics.length > 0);
      if (file === null) return;
      const found = [...lintSite([file], { files, now: 0 }), ...compilePolicy([file], 'test').diagnostics];
      for (const { at, message } of found) assert.ok(at.line > 0 && message.length > 0);
    }),
    { numRuns: runs(500) },
  );
});
