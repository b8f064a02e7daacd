import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSite, SiteError } from '../../src/site/library/open-site.ts';
import { loadSite } from '../../src/site/loading/load.ts';
import { type Files, loaded, type TempSite, tempSite } from '../kit/site.ts';
import { relayPolicy } from './policies.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const make = async (files: Files): Promise<TempSite> => {
  const site = await tempSite(files);
  sites.push(site);
  return site;
};

const policies = (...patterns: readonly string[]): Files => ({
  'config/relay.yaml': `version: 1\npolicies: [${patterns.map((pattern) => `"${pattern}"`).join(', ')}]\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\n`,
});

const EMPTY = 'version: 1\ndescription: Nothing yet.\n';

test('globs expand in sorted order, and a file listed earlier keeps its position', async () => {
  const site = await make({
    ...policies('rules/50-b.yaml', 'rules/**/*.yaml'),
    'rules/10-relay.yaml': relayPolicy(25),
    'rules/50-b.yaml': EMPTY,
    'rules/more/20-c.yaml': EMPTY,
    'rules/notes.txt': 'no policy',
  });
  assert.deepEqual(
    loaded(site).files.map(({ path }) => path),
    ['rules/50-b.yaml', 'rules/10-relay.yaml', 'rules/more/20-c.yaml'],
  );
});

const codesOf = (site: TempSite): readonly string[] => loadSite(site.config).diagnostics.map(({ code }) => code);

test('a pattern that matches nothing is an error', async () => {
  assert.deepEqual(codesOf(await make({ ...policies('rules/*.yml'), 'rules/10-relay.yaml': relayPolicy(25) })), ['RLY5002']);
});

test('a policy outside the site is not read', async () => {
  assert.ok(codesOf(await make({ ...policies('../other.yaml') })).includes('RLY5002'));
});

test('two files with one stem are an error', async () => {
  const site = await make({ ...policies('rules/**/*.yaml'), 'rules/10-relay.yaml': relayPolicy(25), 'rules/sub/10-relay.yaml': EMPTY });
  assert.ok(codesOf(site).includes('RLY5003'));
});

test('the version changes with every byte that affects decisions, and nothing else', async () => {
  const files = {
    'rules/10-relay.yaml': relayPolicy(25).replace('values: [ann@example.com, bob@example.com]', 'file: config/lists/people.txt'),
  };
  const site = await make({ ...files, 'config/lists/people.txt': 'ann@example.com\n' });
  const version = (): string => loaded(site).policy.version;
  const first = version();
  assert.match(first, /^[0-9a-f]{12}$/);
  assert.equal(version(), first);
  await site.write({ 'config/lists/people.txt': 'bob@example.com\n' });
  const second = version();
  assert.notEqual(second, first);
  await site.write({ 'rules/10-relay.yaml': `${files['rules/10-relay.yaml']}# a comment\n` });
  assert.notEqual(version(), second);
});

test('a list may not shrink beyond max_shrink or below min_entries', async () => {
  const list = (options: string) =>
    relayPolicy(25).replace('values: [ann@example.com, bob@example.com]', `file: config/lists/people.txt, ${options}`);
  const site = await make({
    'rules/10-relay.yaml': list('max_shrink: 10%'),
    'config/lists/people.txt': 'ann@example.com\nbob@example.com\n',
  });
  const running = loaded(site).policy;
  await site.write({ 'config/lists/people.txt': 'ann@example.com\n' });
  const shrunk = loadSite(site.config, running);
  assert.equal(shrunk.site, null);
  assert.equal(shrunk.diagnostics[0]?.code, 'RLY5006');
  assert.ok(loadSite(site.config).site, 'at the first load there is nothing to shrink from');
  await site.write({ 'rules/10-relay.yaml': list('min_entries: 2') });
  assert.ok(codesOf(site).includes('RLY5006'));
});

test('the library decides like the relay, and reports why a site does not load', async () => {
  const site = await make({ 'rules/10-relay.yaml': relayPolicy(25) });
  const open = await openSite(site.root);
  assert.equal(open.decide('rcpt', { 'recipient.address': 'ann@example.com' }).verdict, 'accept');
  const denied = open.decide('rcpt', { 'recipient.address': 'joe@example.org' });
  assert.ok(denied.verdict === 'reject');
  assert.deepEqual([denied.code, denied.enhanced, denied.by], [550, '5.7.1', 'grants']);
  const misspelt: string = 'rctp';
  assert.throws(() => Reflect.apply(open.decide, open, [misspelt, {}]), /no hook rctp/);
  open.close();
  assert.throws(() => open.decide('rcpt', {}), /closed/);
  await site.write({ 'rules/10-relay.yaml': 'version: 2\n' });
  await assert.rejects(openSite(site.root), (error) => error instanceof SiteError && error.diagnostics.length > 0);
});
