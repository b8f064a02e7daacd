/*
 * One decision at `rcpt` by number and kind of rules, with the index and by the plain walk, in one run:
 * `node --import tsx test/bench/rule-index.ts`. Every row is the median of five rounds, in
 * microseconds of CPU, so that a busy machine does not matter. `--walk` adds the plain walk, reasons of a trace included.
 */
import assert from 'node:assert/strict';
import { compilePolicy, type Policy } from '../../src/policy/compile/policy.ts';
import { decide } from '../../src/policy/decide/evaluate.ts';
import { readPolicy } from '../../src/policy/read/policy.ts';

const none = (path: string): never => assert.fail(`no file ${path}`);
const NO_FILES = { read: none, readBytes: none };
const CHUNK = 4000;

const KINDS: Readonly<Record<string, (n: number) => string>> = {
  literal: (n) => `{ recipient.domain: d${n}.example }`,
  list: (n) => `{ recipient.domain: { in: l${n % 50} } }`,
  network: (n) => `{ client.ip: 10.${n % 250}.${Math.floor(n / 250)}.0/24 }`,
  suffix: (n) => `{ recipient.domain: .d${n}.example }`,
  starts_with: (n) => `{ sender.local: { starts_with: bounce-${n}- } }`,
  ends_with: (n) => `{ recipient.domain: { ends_with: "-${n}.example" } }`,
  glob: (n) => `{ sender.address: { glob: "*@*.n${n}.example" } }`,
};

const NAMES = Object.keys(KINDS);

const LISTS = Array.from({ length: 50 }, (_, n) => `  l${n}: { type: domain, values: [l${n}.example, .m${n}.example] }`).join('\n');

/** A policy of so many rules, over as many files as their size takes. */
const policyOf = (count: number, kindOf: (n: number) => string): Policy => {
  const rule = (n: number): string => `  - { id: r${n}, on: rcpt, when: ${KINDS[kindOf(n)]?.(n)}, then: { reject: "550 5.7.1 no" } }`;
  const head = `version: 1\nlists:\n${LISTS}\ngrants:\n  - { id: ours, when: { recipient.domain: ours.example } }\n`;
  const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, chunk) =>
    Array.from({ length: Math.min(CHUNK, count - chunk * CHUNK) }, (__, n) => rule(chunk * CHUNK + n)).join('\n'),
  );
  const files = chunks.map((rules, chunk) => {
    const { file } = readPolicy(`rules/p${chunk}.yaml`, `${chunk === 0 ? head : 'version: 1\n'}rules:\n${rules}\n`, NO_FILES);
    return file ?? assert.fail('the policy is wrong');
  });
  return compilePolicy(files, 'bench').policy ?? assert.fail('the policy does not compile');
};

const GIVEN = {
  'client.ip': '198.51.100.7',
  'sender.address': 'somebody@sender.example',
  'recipient.address': 'user@ours.example',
};

const ROUNDS = 5;

/** CPU of this process in milliseconds. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const microseconds = (policy: Policy, trace: boolean, budget: number): number => {
  const round = (): number => {
    const began = cpu();
    let calls = 0;
    do {
      for (let n = 0; n < 20; n++) decide(policy, 'rcpt', GIVEN, { trace });
      calls += 20;
    } while (cpu() - began < budget);
    return ((cpu() - began) / calls) * 1000;
  };
  round();
  return Array.from({ length: ROUNDS }, round).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
};

const row = (kind: string, count: number, kindOf: (n: number) => string): void => {
  const policy = policyOf(count, kindOf);
  const walk = process.argv.includes('--walk') ? `  walked ${microseconds(policy, true, 50).toFixed(0).padStart(6)} us` : '';
  process.stdout.write(
    `${kind.padEnd(12)} ${String(count).padStart(6)} rules ${microseconds(policy, false, 50).toFixed(2).padStart(9)} us${walk}\n`,
  );
};

for (const count of [10, 1000, 10_000]) row('mixed', count, (n) => NAMES[n % NAMES.length] ?? 'literal');
for (const kind of NAMES) for (const count of [10, 10_000]) row(kind, count, () => kind);
