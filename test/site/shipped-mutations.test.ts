import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compilePolicy } from '../../src/policy/compile/policy.ts';
import type { PolicyFile } from '../../src/policy/syntax.ts';
import { loadSite, type Site } from '../../src/site/loading/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { POLICIES, ShippedSite } from './shipped-site.ts';

/* No grant, rule or route of the site that ships can be deleted without a test of the site that fails. */

let shipped: ShippedSite;
let site: Site;
before(() => {
  shipped = new ShippedSite();
  const loaded = loadSite(shipped.configure(POLICIES));
  assert.ok(loaded.site);
  site = loaded.site;
});
after(() => shipped.remove());

const without = (file: PolicyFile, name: string): PolicyFile => ({
  ...file,
  grants: file.grants.filter((grant) => grant.name !== name),
  rules: file.rules.filter((rule) => rule.name !== name),
  routes: file.routes.filter((route) => route.name !== name),
});

/** How many tests fail once the grant, rule or route is gone. */
const failing = async (name: string): Promise<number> => {
  const files = site.files.map((file) => without(file, name));
  const { policy } = compilePolicy(files, 'mutated');
  assert.ok(policy, name);
  return (await runTests({ ...site, files, policy })).failed;
};

test('deleting any part of a shipped policy fails a test', async () => {
  const names = site.files.flatMap(({ grants, rules, routes }) => [...grants, ...rules, ...routes].map(({ name }) => name));
  assert.ok(names.length > 40, String(names.length));
  assert.equal((await runTests(site)).failed, 0);
  const survivors: string[] = [];
  for (const name of names) if ((await failing(name)) === 0) survivors.push(name);
  assert.deepEqual(survivors, []);
});
