import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadSite } from '../../src/site/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { isOn, POLICIES, SHIPPED, ShippedSite } from './shipped-site.ts';

const MODELINE = '# yaml-language-server: $schema=../schemas/policy.schema.json\n';

let site: ShippedSite;
before(() => {
  site = new ShippedSite();
});
after(() => site.remove());

const complaints = (loaded: ReturnType<typeof loadSite>) =>
  loaded.diagnostics.map(({ code, at, message }) => `${code} ${at.file}:${at.line}:${at.column} ${message}`);

test('every policy is named in the configuration, on or off, and begins with its schema', () => {
  for (const file of POLICIES) {
    assert.match(SHIPPED, new RegExp(`^ {2}(# )?- rules/${file.replaceAll('.', '\\.')} `, 'm'));
    assert.ok(readFileSync(join('rules', file), 'utf8').startsWith(MODELINE), file);
  }
});

test('as shipped: nothing to complain of, and every policy is tested', async () => {
  const loaded = loadSite('config/relay.yaml');
  assert.deepEqual(complaints(loaded), []);
  assert.ok(loaded.site);
  const { results } = await runTests(loaded.site);
  assert.deepEqual(
    results.filter(({ failures }) => failures.length > 0),
    [],
  );
  for (const file of POLICIES.filter(isOn))
    assert.ok(
      results.some((result) => basename(result.file) === file),
      `${file} has no test`,
    );
});

for (const file of POLICIES.filter((name) => !isOn(name)))
  test(`${file} switched on: nothing to complain of, and its own tests hold`, async () => {
    const loaded = loadSite(site.configure([file]));
    assert.deepEqual(complaints(loaded), []);
    assert.ok(loaded.site);
    const { results } = await runTests(loaded.site, file);
    assert.ok(results.length > 0, 'it has no test');
    assert.deepEqual(
      results.filter(({ failures }) => failures.length > 0),
      [],
    );
  });

test('everything switched on at once: nothing to complain of', () => {
  assert.deepEqual(complaints(loadSite(site.configure(POLICIES))), []);
});
