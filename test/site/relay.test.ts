import assert from 'node:assert/strict';
import { readFile, rename } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { type NextHop, nextHop } from '../kit/next-hop.ts';
import { type Files, type RunningRelay, runRelay, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from './policies.ts';

interface Scene extends RunningRelay {
  readonly site: TempSite;
  readonly hop: NextHop;
}

const scenes: Scene[] = [];
after(() => Promise.all(scenes.map(leave)));

const leave = async ({ relay, hop, site }: Scene): Promise<void> => {
  await relay.stop();
  await hop.close();
  await site.remove();
};

const CONFIG = 'version: 1\nhostname: relay.example.com\nlisteners: [{ name: mx, address: "127.0.0.1:0" }]\nlimits: { shutdown: 2s }\n';

/** A relay whose policy lets mail for ann and bob in, and has further rules. */
const scene = async (more = '', config = '', files: Files = {}): Promise<Scene> => {
  const hop = await nextHop();
  const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(hop.port, more), 'config/relay.yaml': `${CONFIG}${config}`, ...files });
  const made = { ...(await runRelay(site)), hop, site };
  scenes.push(made);
  return made;
};

const begin = async (address: string): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(address);
  assert.equal((await client.reply()).code, 220);
  await client.ask('EHLO client.example.net');
  return client;
};

const MESSAGE = 'From: eve@example.net\r\nSubject: Hello\r\n\r\nHello!\r\n.';

const send = async (address: string, to = 'ann@example.com'): Promise<string> => {
  const client = await begin(address);
  const replies = await client.dialogue('MAIL FROM:<eve@example.net>', `RCPT TO:<${to}>`, 'DATA', MESSAGE, 'QUIT');
  return replies[3] ?? '';
};

test('mail is accepted and delivered', async () => {
  const { address, hop, relay } = await scene();
  assert.match(await send(address), /^250 2\.0\.0 /);
  await until(() => hop.received.length === 1, 'delivery');
  assert.match(
    hop.received[0]?.content.toString() ?? '',
    /^Received: .*\r\n(?:\t.*\r\n)*From: eve@example\.net\r\nSubject: Hello\r\n\r\nHello!\r\n$/,
  );
  await until(async () => (await relay.status()).queue.queued === 0, 'an empty queue');
});

test('a reload applies a new policy, and rejects an invalid one with its position', async () => {
  const { relay, site, hop, address, log } = await scene();
  const before = (await relay.status()).policy;
  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port).replace('bob@', 'joe@') });
  const taken = await relay.reload();
  assert.ok(taken.taken);
  assert.notEqual(taken.policy, before);
  assert.match(await send(address, 'joe@example.com'), /^250 /);
  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port, 'rulez: []\n') });
  const refused = await relay.reload();
  assert.ok(!refused.taken);
  assert.equal(refused.policy, taken.policy);
  assert.match(refused.reason, /^rules\/10-relay\.yaml:\d+:1: RLY1101 /);
  assert.deepEqual((await relay.status()).lastReload, refused);
  assert.ok(log.lines.some(({ msg, reason }) => msg === 'reload rejected, keeping the current policy' && reason === refused.reason));
  assert.match(await send(address, 'joe@example.com'), /^250 /);
});

test('a policy whose tests fail is rejected', async () => {
  const { relay, site, hop } = await scene();
  const wrong = 'tests:\n  - { name: anybody may, given: { recipient.address: x@example.org }, expect: { at: rcpt, verdict: accept } }\n';
  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port, wrong) });
  const result = await relay.reload();
  assert.ok(!result.taken);
  assert.match(result.reason, /test "anybody may": expected verdict accept, got reject/);
});

test('an open transaction ends under the policy it began with', async () => {
  const { relay, site, hop, address } = await scene();
  const client = await begin(address);
  await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>');
  const refuseAll = 'rules:\n  - { id: no-more, on: data_post, then: { reject: "550 5.7.1 No more" } }\n';
  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port, refuseAll).replace('bob@', 'joe@') });
  assert.ok((await relay.reload()).taken);
  const old = await client.dialogue('RCPT TO:<bob@example.com>', 'RCPT TO:<joe@example.com>', 'DATA', MESSAGE);
  assert.deepEqual(
    old.map((text) => text.slice(0, 3)),
    ['250', '550', '354', '250'],
  );
  const next = await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<joe@example.com>', 'DATA', MESSAGE);
  assert.match(next.at(-1) ?? '', /^550 5\.7\.1 No more/);
  client.destroy();
});

test('a reload lists changes that need a restart', async () => {
  const { relay, site } = await scene();
  await site.write({ 'config/relay.yaml': `${CONFIG.replace('name: mx', 'name: other')}greeting_pause: 10ms\n` });
  const result = await relay.reload();
  assert.ok(result.taken);
  assert.deepEqual(result.restartNeeded, ['listeners']);
});

test('stopping lets a transaction end, and takes no new ones', async () => {
  const { relay, address } = await scene();
  const client = await begin(address);
  await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>', 'DATA');
  const idle = await begin(address);
  const stopped = relay.stop();
  assert.equal((await idle.reply()).text.slice(0, 9), '421 4.3.2');
  assert.match((await client.ask(MESSAGE)).text, /^250 /);
  await client.over();
  await stopped;
  await assert.rejects(SmtpClient.connect(address));
});

test('what was queued when the relay stopped is delivered when it starts again', async () => {
  let friendly = false;
  const hop = await nextHop({ script: (step) => (step === 'mail' && !friendly ? '451 4.3.0 Not now' : undefined) });
  const site = await tempSite({
    'rules/10-relay.yaml': relayPolicy(hop.port),
    'config/relay.yaml': `${CONFIG}delivery: { retry: [1s] }\n`,
  });
  const first = await runRelay(site);
  assert.match(await send(first.address), /^250 /);
  await until(() => hop.received.length > 0 || hop.sessions.length > 0, 'the first attempt');
  await first.relay.stop();
  friendly = true;
  const again = await runRelay(site);
  scenes.push({ ...again, hop, site });
  await until(() => hop.received.length === 1, 'delivery after the restart');
});

test('decisions are logged with their inputs, and the log can be rotated', async () => {
  const { relay, address, site } = await scene(
    `rules:
  - { id: note, on: mail, then: { set: { seen: true } } }
  - { id: read, on: data_post, then: { log: read } }
  - { id: kept, on: queue, then: { log: kept } }
  - { id: sent, on: get_mx, then: { log: sent } }
`,
    'log: { decisions: var/log/decisions.jsonl }\n',
  );
  const file = join(site.root, 'var/log/decisions.jsonl');
  const entries = async (path: string): Promise<Record<string, unknown>[]> => {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  };
  const said = await send(address);
  await until(async () => (await entries(file)).some(({ hook }) => hook === 'rcpt'), 'the entry');
  const entry = (await entries(file)).find(({ hook }) => hook === 'rcpt');
  assert.ok(entry);
  assert.equal(entry.by, '10-relay/inbound');
  assert.equal(entry.verdict, 'accept');
  assert.equal(entry.policy, (await relay.status()).policy);
  assert.equal(entry.transaction, `${entry.connection}.1`);
  assert.deepEqual(entry.results, { seen: true });
  await until(async () => (await entries(file)).some(({ hook }) => hook === 'get_mx'), 'the route');
  const queued = (await entries(file)).filter(({ hook, queueId }) => hook && queueId !== undefined);
  assert.deepEqual([...new Set(queued.map(({ queueId }) => `250 2.0.0 Ok: queued as ${queueId}`))], [said]);
  assert.deepEqual([...new Set(queued.map(({ hook }) => hook))], ['data_post', 'queue', 'get_mx']);
  await rename(file, `${file}.1`);
  relay.reopenLogs();
  await send(address);
  await until(async () => (await entries(file)).some(({ hook }) => hook === 'rcpt'), 'an entry in the new file');
});

test('mail sent by a rule is marked as auto-generated', async () => {
  const rule =
    'rules:\n  - id: tell\n    on: data_post\n    then: { send: { to: bob@example.com, from: relay@example.com, subject: "Mail for ${recipients}", text: Look. } }\n';
  const { address, hop } = await scene(rule);
  await send(address);
  await until(() => hop.received.length === 2, 'both messages');
  const sent = hop.received.find(({ mail }) => mail.startsWith('MAIL FROM:<>'));
  assert.ok(sent);
  assert.match(sent.content.toString(), /^Auto-Submitted: auto-generated\r$/m);
  assert.match(sent.content.toString(), /^Subject: Mail for ann@example\.com\r$/m);
});

test('admin pages serve health, readiness and metrics', async () => {
  const { relay, address } = await scene('', 'admin: { address: "127.0.0.1:0" }\n');
  const get = (path: string) => fetch(`http://${relay.adminAddress}${path}`);
  await send(address);
  assert.equal((await get('/healthz')).status, 200);
  assert.equal((await get('/readyz')).status, 200);
  assert.equal((await get('/other')).status, 404);
  const metrics = await (await get('/metrics')).text();
  assert.match(metrics, /^relayctl_verdicts_total\{hook="rcpt",verdict="accept",rule="10-relay\/inbound"\} 1$/m);
  assert.match(metrics, /^relayctl_messages_total 1$/m);
  assert.match(metrics, /^process_cpu_seconds_total \d/m);
});

/** What a browser sends of itself cannot be told to `fetch`. */
const statusFor = (address: string, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`http://${address}/metrics`, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0))
      .once('error', reject)
      .end();
  });

test('admin pages answer only to their own names (DNS rebinding)', async () => {
  const { relay } = await scene('', 'admin: { address: "127.0.0.1:0", hosts: [metrics.example.net] }\n');
  const address = relay.adminAddress ?? '';
  const statuses = async (hosts: readonly string[]) => Promise.all(hosts.map((host) => statusFor(address, host)));
  const own = [
    address,
    '127.0.0.1',
    '[::1]:8025',
    '192.0.2.1:9100',
    'localhost:8025',
    'LOCALHOST',
    'relay.example.com',
    'metrics.example.net:80',
  ];
  assert.deepEqual(
    await statuses(own),
    own.map(() => 200),
  );
  const others = [
    'evil.example',
    'evil.example:8025',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.1',
    '2130706433',
    'a@127.0.0.1',
  ];
  assert.deepEqual(
    await statuses(others),
    others.map(() => 421),
  );
});

test('while the relay stops it is alive and not ready', async () => {
  const { relay, address } = await scene('', 'admin: { address: "127.0.0.1:0" }\n');
  const status = async (page: string) => (await fetch(`http://${relay.adminAddress}${page}`)).status;
  const client = await begin(address);
  await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>');
  const stopped = relay.stop();
  assert.deepEqual([await status('/readyz?probe=1'), await status('/healthz')], [503, 200]);
  await client.dialogue('DATA', MESSAGE);
  await stopped;
  await assert.rejects(status('/healthz'));
});

test('delivery hooks see results of the transaction', async () => {
  const rules = `rules:
  - { id: remember, on: mail, then: { set: { tenant: acme } } }
  - { id: wait, on: get_mx, when: { result.tenant: acme, grant: inbound, attempt: 1 }, then: { hold: 10m } }
`;
  const { address, relay, hop, site } = await scene(rules);
  await send(address);
  const queue = journalStorage({ path: join(site.root, 'var/queue') });
  const isPutOff = async (): Promise<boolean> => ((await queue.list())[0]?.recipients[0]?.nextAttempt ?? 0) > Date.now() + 300_000;
  await until(isPutOff, 'the hold');
  assert.equal(hop.received.length, 0);
  assert.equal((await relay.status()).queue.queued, 1);
});
