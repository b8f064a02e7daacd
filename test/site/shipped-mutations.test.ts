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

/** Whether a test fails once the grant, rule or route is gone. Those beside it are asked first: they nearly always tell. */
const isMissed = async (name: string, path: string): Promise<boolean> => {
  const files = site.files.map((file) => without(file, name));
  const { policy } = compilePolicy(files, 'mutated');
  assert.ok(policy, name);
  const mutated = { ...site, files, policy };
  return (await runTests(mutated, path)).failed > 0 || (await runTests(mutated)).failed > 0;
};

test('deleting any part of a shipped policy fails a test', async () => {
  const parts = site.files.flatMap(({ path, grants, rules, routes }) =>
    [...grants, ...rules, ...routes].map(({ name }) => ({ name, path })),
  );
  assert.ok(parts.length > 40, String(parts.length));
  assert.equal((await runTests(site)).failed, 0);
  const survivors: string[] = [];
  for (const { name, path } of parts) if (!(await isMissed(name, path))) survivors.push(name);
  assert.deepEqual(survivors, []);
});
