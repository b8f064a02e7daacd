import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from '../../../src/policy/compile/policy.ts';
import { regex } from '../../../src/policy/lists/regex.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';

const none = (path: string): never => assert.fail(`no file ${path}`);

test('a list of 20,000 expressions with {1,100} is refused with one fault before all are compiled', () => {
  const entries = Array.from({ length: 20_000 }, (_, n) => `x${n}[a-z]{1,100}`);
  const { user } = process.cpuUsage();
  const { faults } = regex.compile(entries);
  assert.equal(faults.length, 1);
  assert.match(faults[0]?.message ?? '', /more than 200,000 instructions/);
  assert.ok(Number(faults[0]?.index) < 1000);
  assert.ok(process.cpuUsage().user - user < 10_000_000);
});

test('a list of ten thousand plain expressions is accepted', () => {
  const entries = Array.from({ length: 10_000 }, (_, n) => `^bounce-${n}@`);
  assert.deepEqual(regex.compile(entries).faults, []);
});

test('the expressions of all rules are counted together', () => {
  const rule = (n: number): string =>
    `  - { id: r${n}, on: mail, when: { sender.local: { matches: "x${n}[a-z]{1,100}" } }, then: { tag: [t] } }`;
  const { file } = readPolicy('rules/p.yaml', `version: 1\nrules:\n${Array.from({ length: 1500 }, (_, n) => rule(n)).join('\n')}\n`, {
    read: none,
    readBytes: none,
  });
  const { policy, diagnostics } = compilePolicy([file ?? assert.fail('not read')], 'test');
  assert.equal(policy, null);
  assert.equal(diagnostics[0]?.code, 'RLY2014');
  assert.match(diagnostics[0]?.message ?? '', /200,000 instructions/);
  assert.ok(Number(diagnostics[0]?.at.line) > 900);
});
