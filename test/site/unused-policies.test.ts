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

describe('a policy file not listed under policies', () => {
  it('is reported beside listed files, with another extension, and in a subfolder', async () => {
    const files = { 'rules/a.yaml': POLICY, 'rules/q.yml': POLICY, 'rules/B.YAML': POLICY, 'rules/more/c.yaml': POLICY };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies: ["rules/*.yaml"]') }), [
      'rules/B.YAML',
      'rules/more/c.yaml',
      'rules/q.yml',
    ]);
  });

  it('is reported in the default folder, even if the site uses others', async () => {
    const files = { 'policy/a.yaml': POLICY, 'rules/b.yaml': POLICY };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies: [policy/a.yaml]') }), ['rules/b.yaml']);
  });

  it('is not reported if mentioned in a comment, hidden, other YAML, or elsewhere', async () => {
    const files = {
      'rules/a.yaml': POLICY,
      'rules/off.yaml': POLICY,
      'rules/data.yaml': 'version: 1\nhosts: [a]\n',
      'rules/.b.yaml': POLICY,
      'other/c.yaml': POLICY,
    };
    assert.deepEqual(await unused({ ...files, 'config/relay.yaml': config('policies:\n  - rules/a.yaml\n  # - rules/off.yaml') }), []);
  });

  it('is not reported for the shipped site', () => {
    const site = new ShippedSite();
    const found = [site.configure([]), site.configure(POLICIES)].flatMap((path) => loadSite(path).diagnostics);
    site.remove();
    assert.deepEqual(
      found.filter(({ severity }) => severity !== 'info'),
      [],
    );
  });

  it('is only a warning in lint', async () => {
    const site = await tempSite({ 'rules/a.yaml': POLICY, 'rules/q.yml': POLICY, 'config/relay.yaml': config('policies: [rules/a.yaml]') });
    removes.push(site.remove);
    const { code, out, err } = await command('lint', '-c', site.config);
    assert.equal(code, 0);
    assert.match(out + err, /rules\/q\.yml:1:1 warning RLY5013 unused-policy/);
  });
});
