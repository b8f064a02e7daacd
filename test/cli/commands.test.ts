import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { runRelay, type TempSite, tempSite } from '../kit/site.ts';
import { relayPolicy } from '../site/policies.ts';

const sites: TempSite[] = [];
const folders: string[] = [];
after(async () => {
  for (const site of sites) await site.remove();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const TESTS = `tests:
  - name: ann has mail
    given: { recipient.address: ann@example.com }
    expect: { at: rcpt, verdict: accept, by: inbound }
  - name: outsiders do not
    given: { recipient.address: joe@example.org }
    expect: { at: rcpt, verdict: reject, code: 550, enhanced: 5.7.1, by: grants }
`;

const make = async (policy = relayPolicy(25, TESTS)): Promise<TempSite> => {
  const site = await tempSite({ 'rules/10-relay.yaml': policy });
  sites.push(site);
  return site;
};

test('version and --version print the version of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  for (const word of ['version', '--version']) assert.deepEqual(await command(word), { code: 0, out: `${version}\n`, err: '' });
});

test('invalid usage exits 2, help exits 0', async () => {
  assert.equal((await command()).code, 2);
  assert.equal((await command('fly')).code, 2);
  assert.equal((await command('lint', '--format', 'song')).code, 2);
  assert.equal((await command('lint', '--max-warnings', 'few')).code, 2);
  assert.equal((await command('explain', '--given', 'client.pi=1')).code, 2);
  assert.match((await command('explain', '--given', 'limit=101')).err, /Write `limit\.<rule id>`/);
  assert.match((await command('explain', '--given', 'attachment.extension=exe')).err, /`attachment: \[\{ extension: … \}\]`/);
  const help = await command('explain', '--help');
  assert.equal(help.code, 0);
  assert.match(help.out, /--given <fact=value>/);
});

test('lint exits 0 without errors, 1 with errors, 2 if it cannot read the site', async () => {
  const site = await make();
  assert.deepEqual(await command('lint', '-c', site.config), { code: 0, out: 'no problems found: 1 policy, 2 rules\n', err: '' });
  assert.deepEqual(await command('lint', '-c', site.config, '--format', 'github'), { code: 0, out: '', err: '' });
  assert.equal((await command('lint', '-c', '/nonexistent.yaml')).code, 2);
  await site.write({ 'rules/10-relay.yaml': relayPolicy(25, 'rulez: []\n') });
  const { code, out } = await command('lint', '-c', site.config, '--format', 'json');
  assert.equal(code, 1);
  const { diagnostics, summary } = JSON.parse(out);
  assert.equal(diagnostics[0].code, 'RLY1101');
  assert.equal(diagnostics[0].file, 'rules/10-relay.yaml');
  assert.deepEqual(summary, { errors: 1, warnings: 0, files: 1, rules: 2 });
});

test('lint exits 1 on too many warnings', async () => {
  const site = await make(relayPolicy(25).replace('lists:\n', 'lists:\n  unused: { type: domain, values: [example.net] }\n'));
  assert.equal((await command('lint', '-c', site.config)).code, 0);
  assert.equal((await command('lint', '-c', site.config, '--max-warnings', '1')).code, 0);
  assert.equal((await command('lint', '-c', site.config, '--max-warnings', '0')).code, 1);
});

test('test exits 0 if all tests pass, 1 if one fails or none match, 2 if the policy does not load', async () => {
  const site = await make();
  const all = await command('test', '-c', site.config);
  assert.deepEqual([all.code, all.out], [0, '2 of 2 tests passed, 0 failed\n']);
  assert.equal((await command('test', '-c', site.config, '--filter', 'ann')).code, 0);
  assert.equal((await command('test', '-c', site.config, '--filter', 'nothing like it')).code, 1);
  await site.write({ 'rules/10-relay.yaml': relayPolicy(25, TESTS.replace('code: 550', 'code: 551')) });
  const failing = await command('test', '-c', site.config, '--format', 'json');
  assert.equal(failing.code, 1);
  const report = JSON.parse(failing.out);
  assert.deepEqual(report.summary, { passed: 1, failed: 1 });
  assert.match(report.tests[1].failures[0], /expected code 551, got 550/);
  assert.deepEqual([report.tests[1].trace[0].rule, report.tests[1].trace[0].result], ['10-relay/inbound', 'false']);
  const junit = (await command('test', '-c', site.config, '--format', 'junit')).out;
  assert.match(junit, /<testsuites tests="2" failures="1" errors="0" skipped="0" time="\d+\.\d{3}">/);
  for (const out of [junit, (await command('test', '-c', site.config)).out])
    assert.match(out, /decided: grant 10-relay\/inbound at rcpt of \S+: false\s+recipient\.address .* is not in people/);
  await site.write({ 'rules/10-relay.yaml': 'version: 2\n' });
  assert.equal((await command('test', '-c', site.config)).code, 2);
});

test('test --coverage lists what came out in no test, and --min-coverage enforces a minimum', async () => {
  const site = await make(relayPolicy(25, TESTS));
  const half = await command('test', '-c', site.config, '--coverage', '--filter', 'outsiders', '--format', 'json');
  assert.equal(half.code, 0);
  const { coverage } = JSON.parse(half.out);
  assert.deepEqual([coverage.percent, coverage.missing], [40, ['10-relay/inbound', '10-relay/inside']]);
  assert.deepEqual(
    coverage.uncovered.map(({ rule, part, never }: { rule: string; part: string | null; never: string[] }) => [rule, part, never]),
    [
      ['10-relay/inbound', null, ['true']],
      ['10-relay/inbound', 'recipient.address: { in: people }', ['true']],
      ['10-relay/inside', null, ['true']],
    ],
  );
  assert.equal((await command('test', '-c', site.config, '--min-coverage', '100')).code, 0);
  const less = await command('test', '-c', site.config, '--min-coverage', '50', '--filter', 'outsiders');
  assert.equal(less.code, 1);
  assert.match(less.out, /coverage 40 %: 2 of 5 outcomes/);
  assert.match(less.out, /10-relay\/inside: never held {2}rules\/10-relay\.yaml:\d+:\d+/);
  assert.equal((await command('test', '-c', site.config, '--min-coverage', 'all')).code, 2);
});

test('explain shows each hook and the reasons, in the documented format', async () => {
  const site = await make();
  const flags = ['--ip', '192.0.2.1', '--from', 'a@b.example', '--to', 'ann@example.com', '--to', 'joe@example.org', '--json'];
  const { code, out } = await command('explain', '-c', site.config, ...flags);
  assert.equal(code, 0);
  const { assumed, hooks, outcome, recipients, envelope, routes, message, policy } = JSON.parse(out);
  const [ann, joe] = hooks.filter(({ hook }: { hook: string }) => hook === 'rcpt');
  assert.deepEqual(ann, {
    hook: 'rcpt',
    recipient: 'ann@example.com',
    rules: [{ id: '10-relay/inbound', kind: 'grant', result: 'true', why: ['recipient.address "ann@example.com" is in people'] }],
    verdict: { kind: 'accept', by: '10-relay/inbound' },
  });
  assert.equal(joe.verdict.kind, 'reject');
  assert.deepEqual(hooks[0], { hook: 'connect_init', rules: [], verdict: { kind: 'none' } });
  assert.deepEqual(assumed, ['no message is given: what rules ask about it is unknown']);
  assert.deepEqual(outcome, { verdict: 'accept', at: 'queue', code: 250, enhanced: '2.0.0', text: 'Ok', by: '' });
  assert.deepEqual(recipients, [
    { recipient: 'ann@example.com', verdict: 'accept', code: 250, enhanced: '2.1.5', text: 'Recipient ok', by: '10-relay/inbound' },
    { recipient: 'joe@example.org', verdict: 'reject', code: 550, enhanced: '5.7.1', text: 'Relay access denied', by: 'grants' },
  ]);
  assert.deepEqual(envelope, { sender: 'a@b.example', recipients: ['ann@example.com'] });
  assert.deepEqual(routes, { 'ann@example.com': 'smtp://127.0.0.1:25' });
  assert.deepEqual(message, { added: [], removed: [] });
  assert.match(policy, /^[0-9a-f]{12}$/);
});

test('explain shows the route chosen at get_mx; without a session it says what to give', async () => {
  const site = await make();
  const asked = ['explain', '-c', site.config, '--to', 'ann@example.com'];
  assert.match((await command(...asked)).out, /^get_mx ann@example\.com\n.*\n {2}=> route smtp:\/\/127\.0\.0\.1:25 by 10-relay\/\w+\n/m);
  const hooks = JSON.parse((await command(...asked, '--json')).out).hooks.filter(({ route }: { route?: object }) => route !== undefined);
  assert.deepEqual(
    hooks.map(({ hook, route }: { hook: string; route: { to: string } }) => [hook, route.to]),
    [['get_mx', 'smtp://127.0.0.1:25']],
  );
  for (const flags of [[], ['--json'], ['--lookup']]) {
    const { code, out, err } = await command('explain', '-c', site.config, ...flags);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^error: Describe the session, such as: relayctl explain --ip /);
  }
});

test('explain: given values win, and unknown and absent are taken literally', async () => {
  const grant = (condition: string) => relayPolicy(25).replace('recipient.address: { in: people }', condition);
  const site = await make(grant('client.rdns: { exists: true }, recipient.domain: example.org'));
  const outcomeOf = async (...flags: readonly string[]): Promise<string> => {
    const { out } = await command('explain', '-c', site.config, '--to', 'x@example.org', '--json', ...flags);
    const { outcome } = JSON.parse(out);
    return `${outcome.verdict} ${outcome.code}`;
  };
  assert.equal(await outcomeOf(), 'defer 451');
  assert.equal(await outcomeOf('--given', 'client.rdns=unknown'), 'defer 451');
  assert.equal(await outcomeOf('--given', 'client.rdns=absent'), 'reject 550');
  assert.equal(await outcomeOf('--rdns', 'host.example.net'), 'accept 250');
  assert.equal(await outcomeOf('--rdns', 'host.example.net', '--given', 'client.rdns=absent'), 'reject 550');
});

test('explain: a value the fact can never have is a usage error', async () => {
  const site = await make();
  const code = async (...flags: readonly string[]) => (await command('explain', '-c', site.config, '--to', 'x@example.org', ...flags)).code;
  for (const flags of [['--ip', 'banana'], ...['tls.active=maybe', 'message.size=big'].map((given) => ['--given', given])])
    assert.equal(await code(...flags), 2, flags.join(' '));
  for (const given of [
    'message.size=25MiB',
    'age=10m',
    'tls.active=false',
    'client.ip=::1',
    'client.ip=unknown',
    'tls.active=absent',
    'attempt=3',
  ])
    assert.equal(await code('--given', given), 0, given);
});

test('init writes a site that passes lint and test, and overwrites nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-init-'));
  folders.push(folder);
  const config = join(folder, 'new/config/relay.yaml');
  assert.equal((await command('init', join(folder, 'new'))).code, 0);
  assert.deepEqual(await command('lint', '-c', config), { code: 0, out: 'no problems found: 3 policies, 5 rules\n', err: '' });
  assert.equal((await command('test', '-c', config)).code, 0);
  const before = await readFile(config, 'utf8');
  const again = await command('init', join(folder, 'new'));
  assert.equal(again.code, 1);
  assert.match(again.err, /nothing is overwritten/);
  assert.equal(await readFile(config, 'utf8'), before);
});

test('init defaults to the current folder and rejects options it would ignore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-init-'));
  folders.push(folder);
  const before = process.cwd();
  process.chdir(folder);
  try {
    assert.equal((await command('init', '-c', 'other/relay.yaml')).code, 2);
    const made = await command('init');
    assert.equal(made.code, 0);
    assert.match(made.out, /^config\/relay\.yaml$/m);
    assert.match(made.err, /^Next: relayctl test, then relayctl serve$/m);
    assert.equal((await command('test')).code, 0);
  } finally {
    process.chdir(before);
  }
});

test('send prints the reply, and reports a bad or unreachable server', async (context) => {
  const site = await make();
  const { relay, address } = await runRelay(site);
  context.after(() => relay.stop());
  const to = ['--server', address, '--from', 'a@example.net', '--to'];
  const taken = await command('send', ...to, 'ann@example.com');
  assert.equal(taken.code, 0, taken.err);
  assert.match(taken.out, /^250 2\.0\.0 Ok: queued as \S+\n$/);
  const refused = await command('send', ...to, 'joe@example.org');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /550 5\.7\.1/);
  assert.match((await command('send', '--server', '127.0.0.1', '--from', 'a@b.test', '--to', 'c@d.test')).err, /not host:port/);
  assert.equal((await command('send', '--server', '127.0.0.1:1', '--from', 'a@b.test', '--to', 'c@d.test')).code, 1);
});

test('schema prints the policy or the configuration schema', async () => {
  const policy = JSON.parse((await command('schema')).out);
  const configuration = JSON.parse((await command('schema', 'configuration')).out);
  assert.ok(policy.properties.grants);
  assert.ok(configuration.properties.listeners);
  assert.equal((await command('schema', 'weather')).code, 2);
});

test('status and reload exit 1 without a relay, and report on a running one', async () => {
  const site = await make();
  assert.deepEqual(await command('status', '-c', site.config), { code: 1, out: '', err: 'relayctl: the relay is not running\n' });
  assert.equal((await command('reload', '-c', site.config)).code, 1);
  const { relay } = await runRelay(site);
  const status = await command('status', '-c', site.config, '--json');
  assert.equal(status.code, 0);
  assert.equal(JSON.parse(status.out).policy, (await relay.status()).policy);
  assert.equal((await command('reload', '-c', site.config)).code, 0);
  await site.write({ 'config/relay.yaml': 'version: 2\nlisteners: []\n' });
  const refused = await command('reload', '-c', site.config);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^reload rejected, keeping policy \w{12}:\nconfig\/relay\.yaml:1:10: RLY/);
  await relay.stop();
});

test('queue lists an empty queue, and exits 1 for a missing message', async () => {
  const site = await make();
  assert.deepEqual(await command('queue', 'list', '-c', site.config, '--json'), { code: 0, out: '[]\n', err: '' });
  assert.equal((await command('queue', 'show', 'nothing', '-c', site.config)).code, 1);
  assert.equal((await command('queue', 'hold', 'nothing', '-c', site.config)).code, 1);
  assert.equal((await command('queue', 'retry', '-c', site.config)).code, 1);
  assert.equal((await command('queue', 'retry', '--all', '-c', site.config)).code, 0);
});

test('user add creates a users file only its owner can read', async () => {
  const { addUser } = await import('../../src/site/files/add-user.ts');
  const site = await make();
  const path = join(site.root, 'config/users');
  assert.equal(await addUser(path, 'ann', 'secret'), false);
  assert.equal(await addUser(path, 'bob', 'secret'), false);
  assert.equal(await addUser(path, 'ann', 'other'), true);
  assert.match(await readFile(path, 'utf8'), /^ann:\$scrypt\$\S+\nbob:\$scrypt\$\S+\n$/);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await assert.rejects(addUser(path, 'an:n', 'secret'), /colon/);
});

test('user add reports why the configuration does not load', async () => {
  const missing = await command('user', 'add', 'ann', '-c', '/nonexistent/config/relay.yaml');
  assert.equal(missing.code, 1);
  assert.match(missing.err, /RLY1001 Cannot read/);
  const site = await make();
  assert.match((await command('user', 'add', 'ann', '-c', site.config)).err, /no users file is configured/);
});

for (const [words, told] of [
  [['--to', 'nonsense'], /recipient\.address is never "nonsense"/],
  [['--ip', '300.1.1.1'], /client\.ip is never "300\.1\.1\.1"/],
  [['--given', 'client.ip=300.1.1.1'], /client\.ip is never "300\.1\.1\.1"/],
  [['--listener', 'ms'], /There is no listener ms\..*mx/],
  [['--given', 'listener=ms'], /There is no listener ms/],
  [['--given', 'limit.often=true'], /There is no rule that counts limit\.often/],
  [['--given', 'greylist.often=true'], /There is no rule that counts greylist\.often/],
  [['--given', 'dnsbl.zen=listed'], /dnsbl\.zen is not configured\. Add zen under dnsbl:/],
  [['--given', 'grant=inbund'], /There is no grant inbund\..*inbound/],
  [['--message', '/nonexistent.eml'], /nonexistent\.eml/],
] as const)
  test(`explain ${words.join(' ')} is a usage error`, async () => {
    const site = await make();
    const { code, out, err } = await command('explain', '-c', site.config, ...words);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, told);
  });

test('no output shows a secret of the site, whatever file refers to it', async () => {
  const secret = 'ann:$scrypt$ln=15,r=8,p=1$c2VjcmV0c2FsdA$c2VjcmV0aGFzaA';
  for (const rest of ['lists:\n  leak: { type: domain, file: config/users }\n', 'lists:\n  leak: { type: cidr, file: config/link }\n']) {
    const site = await make(relayPolicy(25).replace('lists:\n', rest));
    const policies = 'version: 1\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\nauth: { users: config/users }\n';
    await site.write({
      'config/users': `${secret}\nopensesame\n`,
      'config/relay.yaml': `${policies}policies: [rules/*.yaml, config/users]\n`,
    });
    await symlink('users', join(site.root, 'config/link'));
    for (const format of ['pretty', 'json', 'sarif', 'github', 'junit']) {
      const { code, out, err } = await command('lint', '-c', site.config, '--format', format);
      assert.equal(code, 1);
      assert.doesNotMatch(out + err, /scrypt|c2Vjcm|opensesame/);
      assert.match(out, /holds secrets/);
    }
  }
});
