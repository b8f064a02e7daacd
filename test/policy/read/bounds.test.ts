import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDocument } from '../../../src/policy/read/document.ts';
import { MAX_TOKENS } from '../../../src/policy/read/tokens.ts';

const codesOf = (text: string | Uint8Array): readonly string[] => readDocument('rules/a.yaml', text).diagnostics.map(({ code }) => code);

const withinSeconds = (seconds: number, action: () => void): void => {
  const start = performance.now();
  action();
  // A loaded machine is ten times as slow.
  assert.ok(performance.now() - start < seconds * 10_000);
};

describe('bounds checked before any recursive parsing', () => {
  const deep: Readonly<Record<string, string>> = {
    brackets: '['.repeat(100_000),
    braces: '{a: '.repeat(100_000),
    dashes: '- '.repeat(100_000),
    questions: '? '.repeat(100_000),
    keys: Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
  };
  for (const [name, text] of Object.entries(deep))
    it(`refuse deep ${name} at once`, () => withinSeconds(1, () => assert.deepEqual(codesOf(text), ['RLY1004'])));

  it('accept sixty levels but not a hundred', () => {
    const nested = (levels: number): string => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`;
    assert.deepEqual(codesOf(nested(60)), []);
    assert.deepEqual(codesOf(nested(100)), ['RLY1004']);
  });

  it('refuse more tokens than a policy has, however large the file may be', () => {
    const short = `a: [${'[],'.repeat(MAX_TOKENS / 3)}]`;
    assert.deepEqual(codesOf(short), ['RLY1003']);
  });

  it('report thousands of syntax errors in linear time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `a${index}: [1, @x`).join('\n');
    withinSeconds(10, () => assert.equal(codesOf(text).length > 0, true));
  });

  it('refuse more than 16 MiB, counted in bytes', () => {
    assert.deepEqual(codesOf(`# ${'x'.repeat(16 * 1024 * 1024)}\na: b`), ['RLY1003']);
    assert.deepEqual(codesOf(`# ${'ä'.repeat(9 * 1024 * 1024)}\na: b`), ['RLY1003']);
  });

  it('refuse aliases of aliases', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`);
    withinSeconds(1, () => assert.deepEqual(codesOf(['a0: &a0 [x, x]', ...levels].join('\n')), ['RLY1017']));
  });

  it('take a large flat mapping in reasonable time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: value`).join('\n');
    withinSeconds(5, () => assert.deepEqual(codesOf(text), []));
  });

  it('refuse bytes that are not UTF-8, at their place', () => {
    const bytes = Buffer.from([...Buffer.from('version: 1\ndescription: '), 0xe4, 0x0a]);
    const [diagnostic] = readDocument('rules/a.yaml', bytes).diagnostics;
    assert.equal(diagnostic?.code, 'RLY1002');
    assert.deepEqual([diagnostic?.at.line, diagnostic?.at.column], [2, 14]);
  });

  it('do not take a name from the prototype for one of the file', () => {
    assert.deepEqual(codesOf('__proto__: { polluted: true }'), ['RLY1101']);
    const { document } = readDocument('rules/a.yaml', 'constructor: a\ntoString: b');
    assert.deepEqual(document?.value, { constructor: 'a', toString: 'b' });
  });
});
