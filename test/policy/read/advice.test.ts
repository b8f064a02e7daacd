import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { actions } from '../../../src/policy/actions/index.ts';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import type { ActionDefinition } from '../../../src/policy/definition.ts';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../../src/policy/read/site-files.ts';

/* Advice that is taken must help: what RLY1108 says to write lints without an error. */

const missing = (): never => {
  throw new SiteFileError('there is no such file');
};
const files: SiteFiles = { read: missing, readBytes: missing };

const errorsOf = (text: string): readonly Diagnostic[] => {
  const { file, diagnostics } = readPolicy('rules/case.yaml', text, files);
  if (file === null) return diagnostics;
  const found = [...lintSite([file], { files, now: 0, complete: false }), ...compilePolicy([file], 'test').diagnostics];
  return found.filter(({ severity }) => severity === 'error');
};

const SCALARS = ['true', 'false', '42', '0777', '1.5', '-1', '550', '451', '1e3', '0x1f', '.5', 'null'];

const ROUTES = 'routes: [{ id: rest, to: mx }]\n';

const ruleWith = ({ hooks }: ActionDefinition, then: string): string =>
  `version: 1\nrules:\n  - { id: a, on: ${hooks.at(-1)}, then: ${then} }\n${ROUTES}`;

const adviceFor = (text: string): string | null => {
  const { diagnostics } = readPolicy('rules/case.yaml', text, files);
  return diagnostics.flatMap(({ help }) => /^Put it in quotes: (".*")\.$/.exec(help)?.[1] ?? [])[0] ?? null;
};

suite('advice of RLY1108', () => {
  test('it is given where a text is meant', () => {
    const log = actions.get('log') ?? assert.fail();
    assert.deepEqual(
      ['true', '0777', '1.5'].map((scalar) => adviceFor(ruleWith(log, `{ log: ${scalar} }`))),
      ['"true"', '"0777"', '"1.5"'],
    );
  });

  for (const action of actions.values())
    test(`${action.name}: what it says to write lints`, () => {
      for (const scalar of SCALARS)
        for (const then of [(value: string) => `{ ${action.name}: ${value} }`, (value: string) => `[{ ${action.name}: ${value} }]`]) {
          const advised = adviceFor(ruleWith(action, then(scalar)));
          if (advised !== null) assert.deepEqual(errorsOf(ruleWith(action, then(advised))), [], `${action.name}: ${scalar}`);
        }
    });

  for (const action of [...actions.values()].filter(({ bare }) => bare))
    test(`${action.name}: true is right, or is told to be written as the name alone`, () => {
      for (const then of [`{ ${action.name}: true }`, `[{ ${action.name}: true }]`]) {
        const [first] = readPolicy('rules/case.yaml', ruleWith(action, then), files).diagnostics;
        if (first) assert.match(first.help, new RegExp(`(?:name|${action.name}) alone.*then: ${action.name}`));
        assert.deepEqual(errorsOf(ruleWith(action, action.name)), []);
      }
    });
});
