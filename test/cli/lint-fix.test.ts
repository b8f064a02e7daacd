import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(async () => {
  for (const site of sites) await site.remove();
});

const POLICY = 'rules/10-relay.yaml';

const GOOD = `# The gate of Example Ltd.
version: 1

lists:
    our_domains: {type: domain, values: [ example.com ]}   # odd spacing stays

grants:
  - id: inbound
    when: { recipient.domain: { in: our_domains } }

rules:
  # who nobody wants
  - id: no-spam
    on: mail
    when: { sender.domain: spam.example }   # for ever
    then: { reject: "550 5.7.1 No" }
  - id: known
    on: rcpt
    when: { recipient.domain: { not_in: our_domains } }
    then: reject

routes:
  - { id: all, to: mx }
`;

const BROKEN = GOOD.replace('    when: { sender.domain: spam', '    if: { sender.domian: spam')
  .replace('"550 5.7.1 No"', '"550 4.7.1 No"')
  .replace('then: reject\n', 'then: { reject: true }\n');

const make = async (policy: string): Promise<TempSite> => {
  const site = await tempSite({ [POLICY]: policy });
  sites.push(site);
  return site;
};

const textOf = (site: TempSite): Promise<string> => readFile(join(site.root, POLICY), 'utf8');

test('--fix writes what leaves no doubt, in as many passes as it takes, and nothing else changes by a byte', async () => {
  const site = await make(BROKEN);
  await chmod(join(site.root, POLICY), 0o640);
  const { code, out, err } = await command('lint', '-c', site.config, '--fix');
  assert.equal(await textOf(site), GOOD);
  assert.equal(code, 0, out);
  assert.match(err, /^made 4 fixes in 1 file$/m);
  assert.equal((await stat(join(site.root, POLICY))).mode & 0o777, 0o640);
  assert.deepEqual(await readdir(join(site.root, 'rules')), ['10-relay.yaml'], 'no draft is left behind');
});

test('--fix keeps CRLF, and deletes a byte order mark', async () => {
  const windows = (text: string): string => text.replaceAll('\n', '\r\n');
  const site = await make(`\uFEFF${windows(BROKEN.replace('version: 1\n', ''))}`);
  await command('lint', '-c', site.config, '--fix');
  assert.equal(await textOf(site), windows(GOOD.replace('version: 1\n\n', '\n').replace('lists:', 'version: 1\nlists:')));
});

test('what is only likely is written with --unsafe alone', async () => {
  const slipped = GOOD.replace('{ in: our_domains }', '{ in: our_domain }');
  const site = await make(slipped);
  const before = await command('lint', '-c', site.config);
  assert.equal(before.code, 1);
  assert.match(before.err, /1 can be fixed with --fix --unsafe/);
  assert.equal((await command('lint', '-c', site.config, '--fix')).code, 1);
  assert.equal(await textOf(site), slipped);
  assert.equal((await command('lint', '-c', site.config, '--fix', '--unsafe')).code, 0);
  assert.equal(await textOf(site), GOOD);
});

test('--dry-run shows the changes and writes nothing', async () => {
  const site = await make(BROKEN);
  const { out, err } = await command('lint', '-c', site.config, '--fix', '--dry-run');
  assert.equal(await textOf(site), BROKEN);
  assert.match(err, /would make 4 fixes in 1 file/);
  const lines = out.split('\n');
  assert.deepEqual(lines.slice(0, 3), [`--- a/${POLICY}`, `+++ b/${POLICY}`, '@@ -12,12 +12,12 @@']);
  assert.deepEqual(
    lines.filter((line) => /^[-+] /.test(line)),
    [
      '-    if: { sender.domian: spam.example }   # for ever',
      '-    then: { reject: "550 4.7.1 No" }',
      '+    when: { sender.domain: spam.example }   # for ever',
      '+    then: { reject: "550 5.7.1 No" }',
      '-    then: { reject: true }',
      '+    then: reject',
    ],
  );
});

test('--unsafe and --dry-run are for --fix', async () => {
  const site = await make(GOOD);
  assert.equal((await command('lint', '-c', site.config, '--unsafe')).code, 2);
  assert.equal((await command('lint', '-c', site.config, '--dry-run')).code, 2);
});

test('the json report carries the fixes', async () => {
  const site = await make(GOOD.replace('on: mail', 'on: MAIL'));
  const { out } = await command('lint', '-c', site.config, '--format', 'json');
  const [{ fixes }] = JSON.parse(out).diagnostics;
  assert.deepEqual(fixes, [
    {
      title: 'Write mail',
      safe: true,
      edits: [{ file: POLICY, line: 14, column: 9, endLine: 14, endColumn: 13, text: 'mail' }],
    },
  ]);
});
