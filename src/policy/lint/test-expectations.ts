import type { Diagnostic } from '../diagnostic.ts';
import type { TestSyntax } from '../syntax.ts';
import type { LintCheck } from './check.ts';
import { diagnose } from './codes.ts';

export const testExpectations: LintCheck = {
  name: 'test-expectations',
  codes: ['RLY6004'],
  doc: 'What a test expects can happen.',
  avoid: `
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, code: 450 } }
`,
  prefer: `
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, code: 550 } }
`,
  check: ({ files }) => files.flatMap((file) => file.tests).flatMap(checkTest),
};

const CLASS: ReadonlyMap<string, number> = new Map([
  ['reject', 5],
  ['defer', 4],
  ['accept', 2],
]);

const checkTest = ({ expect }: TestSyntax): readonly Diagnostic[] => {
  const { verdict, code, codeAt } = expect;
  const wanted = verdict === null ? undefined : CLASS.get(verdict);
  if (wanted === undefined || code === null || Math.floor(code / 100) === wanted) return [];
  const help = `A test that expects ${String(verdict)} expects a code of ${wanted}yz, or none.`;
  return [diagnose('RLY6004', codeAt, { message: `${String(verdict)} never replies with ${code}`, help })];
};
