import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { codes } from '../../../src/policy/diagnostic-codes.ts';

const REGISTRY = 'codes.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith(REGISTRY),
);

const used = new Set(sources.flatMap((file) => readFileSync(join('src', file), 'utf8').match(/RLY\d{4}/g) ?? []));

it('every code that is used is registered', () => {
  assert.deepEqual([...used].filter((code) => !Object.hasOwn(codes, code)).sort(), []);
});

it('every code that is registered is used', () => {
  assert.deepEqual(
    Object.keys(codes).filter((code) => !used.has(code)),
    [],
  );
});
