import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { THOROUGH } from '../kit/thorough.ts';
import { isOn, POLICIES, SHIPPED, ShippedSite } from './shipped-site.ts';

const MODELINE = '# yaml-language-server: $schema=../schemas/policy.schema.json\n';
const OPTIONAL = POLICIES.filter((file) => !isOn(file));

/**
 * A policy is on where its row of a Hadamard matrix has a 1: the numbers of the rows are not 0 and all different, so any
 * two of them are on and off together in every way, in sixteen combinations rather than one for each pair.
 */
const isOne = (row: number, column: number): boolean => (row & column).toString(2).replaceAll('0', '').length % 2 === 1;
const COMBINATIONS = Array.from({ length: 16 }, (_, column) => OPTIONAL.filter((_, index) => isOne(index + 1, column)));

let site: ShippedSite;
before(() => {
  site = new ShippedSite();
});
after(() => site.remove());

const complaints = (loaded: ReturnType<typeof loadSite>): readonly string[] =>
  loaded.diagnostics.map(({ code, at, message }) => `${code} ${at.file}:${at.line}:${at.column} ${message}`);

/** Nothing to complain of, and every test of every policy holds; gives the names of the files that have tests. */
const holds = async (on: readonly string[]): Promise<ReadonlySet<string>> => {
  const loaded = loadSite(site.configure(on));
  assert.deepEqual(complaints(loaded), []);
  assert.ok(loaded.site);
  const { results } = await runTests(loaded.site);
  const failed = results.flatMap(({ file, name, failures }) => (failures.length > 0 ? [{ file, name, failures }] : []));
  assert.deepEqual(failed, []);
  return new Set(results.map(({ file }) => basename(file)));
};

test('every policy is named in the configuration, on or off, and begins with its schema', () => {
  for (const file of POLICIES) {
    assert.match(SHIPPED, new RegExp(`^ {2}(# )?- rules/${file.replaceAll('.', '\\.')} `, 'm'));
    assert.ok(readFileSync(join('rules', file), 'utf8').startsWith(MODELINE), file);
  }
});

suite('no problems found, and every test passes', () => {
  test('as shipped, and every policy is tested', async () => assert.deepEqual(await holds([]), new Set(POLICIES.filter(isOn))));

  for (const file of OPTIONAL) test(`with ${file} on`, async () => assert.ok((await holds([file])).has(file), 'it has no test'));

  test('with every two of the optional policies on, one on and the other off, and both off', async () => {
    assert.ok(OPTIONAL.length < COMBINATIONS.length);
    for (const on of COMBINATIONS) await holds(on);
  });

  if (THOROUGH)
    test('with every two of the optional policies on, and no other', async () => {
      for (const [index, one] of OPTIONAL.entries()) for (const other of OPTIONAL.slice(index + 1)) await holds([one, other]);
    });

  for (const file of OPTIONAL) test(`with all on but ${file}`, async () => void (await holds(OPTIONAL.filter((name) => name !== file))));

  test('with everything on', async () => assert.deepEqual(await holds(OPTIONAL), new Set(POLICIES)));
});
