import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError } from '../../../src/policy/read/site-file-error.ts';
import { mutated } from '../mutate.ts';
import type { Random } from '../random.ts';
import { nothingToClose, ownMemory, type Target } from '../target.ts';

const files = {
  read: (): string => 'a@example.com\nb@example.com\n',
  readBytes: (): Uint8Array => {
    throw new SiteFileError('there is none');
  },
};

const SCALARS = [
  'x',
  '""',
  '~',
  'yes',
  '0x10',
  '1e400',
  '.nan',
  '-1',
  '2030-02-30',
  '!!binary x',
  '!x y',
  '&a x',
  '*a',
  '<<: *a',
  '[',
  '{',
  '| ',
  '>-\n  x',
  '"\\ud800"',
  '? x',
  '%',
  '@x',
  '- - -',
  '${header.subject}',
  '${}',
  '${x.y.z}',
  '"*"',
  '/(a+)+$/',
  '{ matches: "(a{1,100}){1,100}" }',
  '{ in: nowhere }',
  '{ not: { not: { not: x } } }',
  '[[[[[[[[x]]]]]]]]',
  'a'.repeat(3000),
  '{ subject: x, in: a.example, or: [a, b], recipient: { domain: x }, attachment: [exe] }',
  '{ DENY: 550 5.7.1 no, thanks, add_header: { X-A: b }, remove_header: [A, "" ] }',
  '> 10MB',
  '"\\d+"',
] as const;

/** Policies that ship, some of their lines swapped, doubled, deepened, their values replaced, and then bytes changed. */
const policyText = (random: Random, texts: readonly [string, ...string[]]): Buffer => {
  const lines = random.pick(texts).split('\n');
  for (let left = random.int(5); left > 0; left--) {
    const at = random.int(lines.length);
    const line = lines[at] ?? '';
    const other = lines[random.int(lines.length)] ?? '';
    lines.splice(
      at,
      1,
      ...random.pick([
        [line, line],
        [`  ${line}`],
        [line.trimStart()],
        [other],
        [],
        [line.replace(/:.*/, `: ${random.pick(SCALARS)}`)],
        [line, `${line.match(/^ */)?.[0]}${random.pick(SCALARS)}`],
      ]),
    );
  }
  return mutated(random, Buffer.from(lines.join('\n')), 0.6);
};

const texts = (): readonly [string, ...string[]] => {
  const [first = '', ...more] = readdirSync('rules')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(`rules/${name}`, 'utf8'));
  return [first, ...more];
};

/** Every diagnostic says something, and its places lie in the file. */
const assertPlaces = (diagnostics: readonly Diagnostic[], text: string): void => {
  const lines = text.split('\n');
  const isInside = (line: number, column: number): boolean => column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
  for (const { at, message, help, related } of diagnostics) {
    assert.ok(message !== '' && help !== '', `nothing is said: ${message}`);
    for (const span of [at, ...related.map((other) => other.at)].filter((place) => place.file === 'rules/p.yaml'))
      assert.ok(isInside(span.line, span.column) && isInside(span.endLine, span.endColumn), `${message}: no place ${JSON.stringify(span)}`);
  }
};

/** Reading, linting and compiling a policy: a policy or diagnostics with their place, never a fault. */
export const yaml: Target = {
  name: 'yaml',
  patience: 4_000,
  open: async () => {
    const shipped = texts();
    return {
      run: async (random) => {
        const text = policyText(random, shipped);
        const { file, diagnostics } = readPolicy('rules/p.yaml', text, files);
        assert.ok(file !== null || diagnostics.length > 0, 'neither a policy nor a diagnostic');
        const found = file === null ? [] : [...lintSite([file], { files, now: 0 }), ...compilePolicy([file], 'fuzz').diagnostics];
        assertPlaces([...diagnostics, ...found], new TextDecoder('utf-8', { ignoreBOM: true }).decode(text));
      },
      memory: ownMemory,
      close: nothingToClose,
    };
  },
};
