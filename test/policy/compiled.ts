import assert from 'node:assert/strict';
import { compilePolicy, type Policy } from '../../src/policy/compile/policy.ts';
import { readPolicy } from '../../src/policy/read/policy.ts';

const none = (path: string): never => {
  throw new Error(`this policy has no file ${path}`);
};

const NO_FILES = { read: none, readBytes: none };

/** The policy a text stands for, as the file `rules/p.yaml` (or of another stem) of a site that has no other; fails the test with what is wrong with it. */
export const compiled = (text: string, stem = 'p'): Policy => {
  const { file, diagnostics } = readPolicy(`rules/${stem}.yaml`, text, NO_FILES);
  if (file === null) assert.fail(diagnostics.map(({ at, message }) => `${at.line}:${at.column} ${message}`).join('\n'));
  const compilation = compilePolicy([file], 'test');
  return (
    compilation.policy ?? assert.fail(compilation.diagnostics.map(({ at, message }) => `${at.line}:${at.column} ${message}`).join('\n'))
  );
};
