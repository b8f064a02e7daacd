import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { command } from '../kit/cli.ts';
import { type Files, tempSite } from '../kit/site.ts';
import { POLICIES, ShippedSite } from './shipped-site.ts';

const POLICY = 'version: 1\nrules:\n  - { id: a, on: mail, then: { log: x } }\n';
const config = (policies: string, more = ''): string => `version: 1
hostname: relay.example.com
listeners: [{ name: mx, address: "127.0.0.1:0" }]
${policies}
${more}
`;

const removes: (() => Promise<void>)[] = [];
after(async () => {
  for (const remove of removes) await remove();
});

const unused = async (files: Files): Promise<readonly string[]> => {
  const site = await tempSite(files);
  removes.push(site.remove);
  return loadSite(site.config)
    .diagnostics.filter(({ code }) => code === 'RLY5013')
    .map(({ at }) => at.file);
};

describe('a policy that no entry of policies names', () => {
  it('beside those that are named, with another ending, in a folder below', async () => {
    const files = { 'rules/a.yaml': POLICY, 'rules/q.yml': POLICY, 'rules/B.YAML': POLICY, 'rules/more/c.yaml': POLICY };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies: ["rules/*.yaml"]') }), [
      'rules/B.YAML',
      'rules/more/c.yaml',
      'rules/q.yml',
    ]);
  });

  it('in the customary folder, where the site has others', async () => {
    const files = { 'policy/a.yaml': POLICY, 'rules/b.yaml': POLICY };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies: [policy/a.yaml]') }), ['rules/b.yaml']);
  });

  it('but not one that a comment mentions, no other YAML, no hidden file, nothing elsewhere', async () => {
    const files = {
      'rules/a.yaml': POLICY,
      'rules/off.yaml': POLICY,
      'rules/data.yaml': 'version: 1\nhosts: [a]\n',
      'rules/.b.yaml': POLICY,
      'other/c.yaml': POLICY,
    };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies:\n  - rules/a.yaml\n  # - rules/off.yaml') }), []);
  });

  it('nor any of the site that ships', () => {
    const site = new ShippedSite();
    const found = [site.configure([]), site.configure(POLICIES)].flatMap((path) => loadSite(path).diagnostics);
    site.remove();
    assert.deepEqual(
      found.filter(({ severity }) => severity !== 'info'),
      [],
    );
  });

  it('lint says so and is content', async () => {
    const site = await tempSite({ 'rules/a.yaml': POLICY, 'rules/q.yml': POLICY, 'config/relay.yaml': config('policies: [rules/a.yaml]') });
    removes.push(site.remove);
    const { code, out, err } = await command('lint', '-c', site.config);
    assert.equal(code, 0);
    assert.match(out + err, /rules\/q\.yml:1:1 warning RLY5013 unused-policy/);
  });
});
