import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { CONFIG, tempSite } from '../kit/site.ts';

const policy = (grant: string): string =>
  `version: 1\ngrants:\n  - { id: inbound, when: { recipient.address: ann@example.com } }\n  - { id: out, when: ${grant} }\nroutes: [{ id: all, to: mx }]\n`;

const proving = async (grant: string, ...words: readonly string[]): ReturnType<typeof command> => {
  const site = await tempSite({ 'config/relay.yaml': `${CONFIG}policies: [rules/a.yaml]\n`, 'rules/a.yaml': policy(grant) });
  try {
    return await command('prove', '-c', site.config, '--without', 'postmaster-reachable', ...words);
  } finally {
    await site.remove();
  }
};

suite('relayctl prove', () => {
  test('a site that is no open relay: 0', async () => {
    const { code, out } = await proving('{ client.ip: 10.9.0.0/16 }');
    assert.equal(code, 0, out);
    assert.match(out, /PROVED +no-open-relay +a\/out/);
  });

  test('an open relay: 1, the session as explain prints it, and a test to paste', async () => {
    const { code, out } = await proving('{ sender.domain: example.com }');
    assert.equal(code, 1);
    assert.match(out, /REFUTED +no-open-relay +a\/out/);
    assert.match(out, /outcome {2}accept at queue/);
    assert.match(out, /given: \{ .*sender\.address: "someone@example\.com".*\}\n +expect: \{ at: rcpt, verdict: reject \}/);
  });

  test('as JSON', async () => {
    const { code, out } = await proving('{ sender.domain: example.com }', '--json');
    const { proofs } = JSON.parse(out);
    assert.equal(code, 1);
    assert.equal(proofs.find(({ of }: { of?: string }) => of === 'a/out').given['recipient.address'], 'c@example.org');
  });

  test('what takes too long is undecided, and no 0', async () => {
    const { code, out } = await proving('{ sender.domain: example.com }', '--timeout', '0.000001');
    assert.equal(code, 1);
    assert.match(out, /UNDECIDED/);
  });

  test('a site that does not load, or an invariant that there is not: 2', async () => {
    assert.equal((await command('prove', '-c', 'no-such-file.yaml')).code, 2);
    assert.equal((await proving('{ client.ip: 10.9.0.0/16 }', '--without', 'no-such')).code, 2);
  });
});
