import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSite } from '../../src/site/loading/load.ts';
import { ed25519 } from '../kit/keys.ts';
import { tempSite } from '../kit/site.ts';
import { relayPolicy } from '../site/policies.ts';
import { type Mail, submit } from './mail.ts';
import { relayFixture } from './site-fixture.ts';

const POLICY = `version: 1
grants:
  - { id: anybody, when: { client.ip: 127.0.0.1 } }
rules:
  - id: sign
    on: queue
    then: { sign_dkim: { domain: "\${sender.domain}", selector: s1, key: "config/dkim/\${sender.domain}.pem" } }
`;

const from = (domain: string): Mail => ({ from: `a@${domain}` });

test('a key is read with the policy; a missing one is 451, and the log names rule and file', async (context) => {
  const { connect, hop, site, relay, log } = await relayFixture(context, {
    policy: POLICY,
    config: 'log: { level: error }',
    files: { 'config/dkim/one.example.pem': ed25519() },
  });
  await writeFile(join(site.root, 'config/dkim/one.example.pem'), 'spoilt after the start');
  assert.match(await submit(await connect(), from('one.example')), /^250 /);
  await hop.arrived(1);
  for (const sender of ['two.example', 'one.example.pem/../../one.example', 'localhost'])
    assert.match(await submit(await connect(), from(sender)).catch((error: unknown) => String(error)), /451 4\.3\.0|501|553/, sender);
  const refused = log.lines.find(({ err }) => JSON.stringify(err)?.includes('two.example'));
  assert.deepEqual(
    Object.entries(Object(refused?.err)).filter(([key]) => key === 'rule' || key === 'file'),
    [
      ['rule', '10-policy/sign'],
      ['file', 'config/dkim/two.example.pem'],
    ],
  );
  await site.write({ 'config/dkim/two.example.pem': ed25519() });
  await writeFile(join(site.root, 'config/dkim/one.example.pem'), ed25519(), { mode: 0o600 });
  assert.ok((await relay.reload()).taken);
  assert.match(await submit(await connect(), from('two.example')), /^250 /);
});

const modesBelow = async (folder: string): Promise<readonly (readonly [string, number])[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  return Promise.all(paths.map(async (path) => [path, (await stat(path)).mode & 0o777] as const));
};

for (const umask of [0, 0o022, 0o077])
  test(`with umask 0${umask.toString(8)} nobody else reads queue and logs`, async (context) => {
    const before = process.umask(umask);
    context.after(() => process.umask(before));
    const { connect, hop, site } = await relayFixture(context, {
      config: 'queue: { path: var/queue }\nlog: { level: error, decisions: var/log/decisions.jsonl }',
    });
    assert.match(await submit(await connect()), /^250 /);
    await hop.arrived(1);
    const open = (await modesBelow(join(site.root, 'var'))).filter(([, mode]) => (mode & 0o077) !== 0);
    assert.deepEqual(open, []);
  });

/** A writer that does not write for so long counts as done. Milliseconds, less than the relay waits. */
const ASLEEP = 200;

const PEOPLE = Array.from({ length: 2000 }, (_, index) => `user${index}@example.com`);
const LISTED = relayPolicy(25).replace('values: [ann@example.com, bob@example.com]', 'file: config/lists/people.txt');

/**
 * Another process: while a site is loaded nothing else happens in this one. Ends after a whole round. Says after each how long
 * it was kept from writing at most, in milliseconds: the relay cannot tell a writer that sleeps from one that has finished.
 */
const REWRITER = `
const { openSync, writeSync, closeSync } = require('node:fs');
const [path, people] = [process.argv[1], process.argv[2].split(' ')];
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
let last = false;
let [before, longest] = [0, 0];
const wrote = () => {
  longest = Math.max(longest, performance.now() - before);
  before = performance.now();
};
process.on('SIGTERM', () => { last = true; });
const round = () => {
  const file = openSync(path, 'w');
  before = performance.now();
  for (let start = 0; start < people.length; start += 200) {
    writeSync(file, people.slice(start, start + 200).join('\\n') + '\\n');
    wrote();
    pause(20);
  }
  closeSync(file);
  console.log(longest);
  if (!last) setTimeout(round, 700);
};
round();
`;

test('a list that is being rewritten in place is read whole or not at all', async (context) => {
  const site = await tempSite({ 'rules/10-relay.yaml': LISTED, 'config/lists/people.txt': `${PEOPLE.join('\n')}\n` });
  context.after(site.remove);
  const writer = spawn(process.execPath, ['-e', REWRITER, join(site.root, 'config/lists/people.txt'), PEOPLE.join(' ')]);
  await once(writer.stdout, 'data');
  let kept = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    kept = Math.max(kept, ...text.trim().split('\n').map(Number));
  });
  const seen = { whole: 0, refused: 0, torn: 0 };
  for (let round = 0; round < 10; round++) {
    await pause(37);
    const { site: found, diagnostics } = loadSite(site.config);
    if (!found) assert.match(diagnostics[0]?.message ?? '', /being written/);
    const isWhole = found?.policy.lists.get('people')?.size === PEOPLE.length;
    seen[found === null ? 'refused' : isWhole ? 'whole' : 'torn']++;
  }
  writer.kill('SIGTERM');
  await once(writer, 'exit');
  assert.ok(loadSite(site.config).site, 'once it is left alone it is read');
  context.diagnostic(JSON.stringify({ ...seen, kept }));
  if (kept < ASLEEP) assert.equal(seen.torn, 0);
});
