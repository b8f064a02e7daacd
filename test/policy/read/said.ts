import assert from 'node:assert/strict';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import type { SiteFiles } from '../../../src/policy/read/site-files.ts';

const none = (): never => assert.fail('these policies name no files');
const files: SiteFiles = { read: none, readBytes: none };

/** `accept` without a grant, mail that cannot be read, a rule for everybody: about rules that may be all there is to a test. */
const BESIDE_THE_POINT = ['RLY3010', 'RLY4020', 'RLY4043'];

/** All that is said of a policy without `version`, which is added. */
export const saidOf = (policy: string): readonly Diagnostic[] => {
  const { file, diagnostics } = readPolicy('rules/a.yaml', `version: 1\n${policy}`, files);
  const compiled = file === null || file.leftOut.length > 0 ? [] : compilePolicy([file], 'test').diagnostics;
  const found = [...(file === null ? [] : lintSite([file], { files, now: 0 })), ...compiled];
  return [...diagnostics, ...found].filter(({ code }) => !BESIDE_THE_POINT.includes(code));
};
