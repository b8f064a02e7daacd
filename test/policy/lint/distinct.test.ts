import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { diagnose } from '../../../src/policy/diagnostic-codes.ts';
import { distinct } from '../../../src/policy/lint/distinct.ts';

const on = (column: number, endColumn: number, file = 'rules/a.yaml'): Diagnostic =>
  diagnose('RLY2008', { file, line: 3, column, endLine: 3, endColumn }, { message: `${column} to ${endColumn}`, help: '' });

it('the smaller of two spans with the same code is kept, in either order', () => {
  const [large, small] = [on(1, 20), on(5, 9)];
  assert.deepEqual(distinct([large, small]), [small]);
  assert.deepEqual(distinct([small, large]), [small]);
});

it('the first of two equal diagnostics is kept', () => {
  const [first, second] = [on(1, 20), { ...on(1, 20), message: 'later' }];
  assert.deepEqual(distinct([first, second]), [first]);
});

it('diagnostics with other codes, places or files are kept', () => {
  const all = [on(1, 4), on(3, 8), on(1, 4, 'rules/b.yaml'), { ...on(1, 4), code: 'RLY2009' as const }];
  assert.deepEqual(distinct(all), all);
});

it('a span over several lines yields to one on any of them', () => {
  const large = { ...on(1, 1), at: { file: 'rules/a.yaml', line: 1, column: 9, endLine: 6, endColumn: 2 } };
  assert.deepEqual(distinct([large, on(4, 6)]), [on(4, 6)]);
});

it('a list with a hundred thousand faults is handled quickly', () => {
  const many = Array.from({ length: 100_000 }, (_, line) => ({
    ...on(1, 5),
    at: { file: 'config/lists/a', line: line + 1, column: 1, endLine: line + 1, endColumn: 5 },
  }));
  const start = process.cpuUsage();
  assert.equal(distinct(many).length, many.length);
  // Work, not time: the machine may be busy with others.
  const { user, system } = process.cpuUsage(start);
  assert.ok(user + system < 20_000_000);
});
