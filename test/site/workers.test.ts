import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { workerCount } from '../../src/site/workers/count.ts';
import { relayctl, type TempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from './policies.ts';
import { connected, processOf, relayWithWorkers, sendMail, subjects } from './worker-relay.ts';

/** The decision log, each line of it a whole object. */
const decisions = async (site: TempSite): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const lines = (await readFile(join(site.root, 'var/log/decisions.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
};

test('auto leaves one core free, and is a single process on one or two cores', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 64].map((cores) => workerCount('auto', cores)),
    [1, 1, 2, 3, 4, 4],
  );
  assert.equal(workerCount(1, 64), 1);
  assert.equal(workerCount(7, 2), 7);
});

test('two workers share one port and deliver once; status, metrics and log cover both', async (t) => {
  const { address, hop, served, site, status } = await relayWithWorkers(t, { config: 'admin: { address: "127.0.0.1:0" }\n' });
  const clients = await Promise.all(Array.from({ length: 4 }, () => connected(address)));
  const replies = await Promise.all(clients.flatMap((client, at) => [sendMail(client, `${at}`)]));
  assert.equal(new Set(replies.map(processOf)).size, 2);
  await until(async () => (await status()).queue.queued === 0, 'an empty queue');
  assert.deepEqual(subjects(hop), ['0', '1', '2', '3']);
  const told = await status();
  assert.equal(told.connections, 4);
  assert.equal(told.workers.length, 2);
  assert.ok(!told.workers.includes(told.pid) && told.pid === served.process.pid);
  const metrics = await (await fetch(`http://${served.addresses.get('admin')}/metrics`)).text();
  assert.match(metrics, /^relayctl_messages_total 4$/m);
  assert.match(metrics, /^relayctl_connections 4$/m);
  assert.match(metrics, /^process_resident_memory_bytes \d+$/m);
  assert.match(metrics, /^relayctl_deliveries_total\{outcome="delivered"\} 4$/m);
  for (const client of clients) client.destroy();
  assert.equal(await served.stop(), 0);
  const accepted = (await decisions(site)).filter(({ hook, verdict }) => hook === 'rcpt' && verdict === 'accept');
  assert.equal(accepted.length, 4);
});

test('a reload is applied by both workers or neither; open transactions keep their policy', async (t) => {
  const { address, hop, site, status } = await relayWithWorkers(t);
  const open = [await connected(address), await connected(address)];
  for (const client of open) await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<bob@example.com>');
  const before = (await status()).policy;

  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port, 'rulez: []\n') });
  const refused = await relayctl('reload', '-c', site.config);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /rules\/10-relay\.yaml:\d+:1: RLY1101/);
  const asBefore = [await connected(address), await connected(address)];
  for (const client of asBefore) assert.match(await sendMail(client, 'before'), /^250 /);

  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port).replace('bob@', 'joe@') });
  const taken = await relayctl('reload', '-c', site.config);
  assert.equal(taken.code, 0);
  assert.notEqual(taken.out, `policy ${before}\n`);
  assert.equal(taken.out, `policy ${(await status()).policy}\n`);
  for (const client of open)
    assert.match((await client.dialogue('RCPT TO:<bob@example.com>', 'RCPT TO:<joe@example.com>')).join(), /^250.*550/);
  for (const client of asBefore)
    assert.match(
      (await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<bob@example.com>', 'RCPT TO:<joe@example.com>')).join(),
      /^250.*,550.*,250/,
    );
  for (const client of [...open, ...asBefore]) client.destroy();
});

const NOTED = 'rules:\n  - { id: note, on: mail, then: { set: { seen: true } } }\n';

test('twenty SIGHUPs while mail flows: no session fails, and no transaction has two policies', async (t) => {
  const { address, served, site, status, hop } = await relayWithWorkers(t, { rules: NOTED });
  let taken = false;
  const sessions = Array.from({ length: 6 }, async () => {
    const client = await connected(address);
    const replies: string[] = [];
    while (replies.length < 25 || !taken) replies.push(await sendMail(client, 'flowing'));
    replies.push(await sendMail(client, 'flowing'));
    client.destroy();
    return replies;
  });
  for (let hangup = 0; hangup < 20; hangup++) {
    await site.write({ 'rules/20-more.yaml': `version: 1\ndescription: Number ${hangup}.\n` });
    served.process.kill('SIGHUP');
    await pause(20);
  }
  await until(async () => (await status()).lastReload?.taken === true, 'a reload');
  taken = true;
  const replies = (await Promise.all(sessions)).flat();
  assert.deepEqual(
    replies.filter((reply) => !reply.startsWith('250')),
    [],
  );
  await until(async () => (await status()).queue.queued === 0, 'an empty queue');
  assert.equal(subjects(hop).length, replies.length);
  await served.stop();
  const entries = await decisions(site);
  const policies = new Map<unknown, Set<unknown>>();
  for (const { transaction, policy, hook } of entries)
    if (hook === 'mail' || hook === 'rcpt') policies.set(transaction, (policies.get(transaction) ?? new Set()).add(policy));
  assert.equal(policies.size, replies.length);
  for (const seen of policies.values()) assert.equal(seen.size, 1);
  assert.ok(new Set(entries.map(({ policy }) => policy)).size > 1);
});

const LIMITED = `rules:
  - id: patience
    on: rcpt
    when: { sender.domain: grey.example }
    then: { greylist: { key: [client.ip], delay: 1s, window: 1h, keep: 1d } }
  - id: few
    on: rcpt
    when: { sender.domain: example.net }
    limit: { key: [sender.domain], count: recipients, max: 5, per: 1h }
    then: { defer: "451 4.7.1 Too many" }
`;

test('limits and greylists are shared by all workers', async (t) => {
  const { address } = await relayWithWorkers(t, { rules: LIMITED });
  const clients = [await connected(address), await connected(address)];
  const replies: string[] = [];
  for (let round = 0; round < 5; round++)
    for (const client of clients)
      replies.push((await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>', 'RSET'))[1] ?? '');
  assert.deepEqual(
    replies.map((reply) => reply.slice(0, 3)),
    ['250', '250', '250', '250', '250', '451', '451', '451', '451', '451'],
  );
  const [here, there] = clients;
  assert.ok(here && there);
  const asked = async (client: SmtpClient): Promise<string> =>
    (await client.dialogue('MAIL FROM:<eve@grey.example>', 'RCPT TO:<ann@example.com>', 'RSET'))[1] ?? '';
  assert.match(await asked(here), /^451 /);
  await until(async () => /^250 /.test(await asked(there)), 'the end of the greylisting');
  for (const client of clients) client.destroy();
});

test('connections are counted over all workers, and those of a dead one are released', async (t) => {
  const { address, status } = await relayWithWorkers(t, { config: 'limits: { connections_per_ip: 3, shutdown: 2s }\n' });
  const clients = [await connected(address), await connected(address), await connected(address)];
  const late = await SmtpClient.connect(address);
  assert.match((await late.reply()).text, /^421 4\.7\.0 /);
  clients[0]?.destroy();
  await until(async () => (await status()).connections === 2, 'one who has left');
  clients.push(await connected(address));
  assert.equal((await status()).connections, 3);
  const [pid = 0] = (await status()).workers;
  process.kill(pid, 'SIGKILL');
  await until(async () => (await status()).connections < 3, 'those of the dead worker');
  clients.push(await connected(address));
  for (const client of clients) client.destroy();
});

test('relayctl queue reaches the worker that has the message', async (t) => {
  const refusing = { script: (step: string) => (step === 'mail' ? '451 4.3.0 Not now' : undefined) };
  const { address, site, status } = await relayWithWorkers(t, { hop: refusing });
  const clients = [await connected(address), await connected(address)];
  const replies = [await sendMail(clients[0] ?? assert.fail(), 'one'), await sendMail(clients[1] ?? assert.fail(), 'two')];
  assert.equal(new Set(replies.map(processOf)).size, 2);
  const path = join(site.root, 'var/queue');
  const waiting = async (): Promise<boolean> =>
    (await journalStorage({ path }).list()).filter(({ recipients }) => recipients[0]?.attempts === 1).length === 2;
  await until(waiting, 'the first attempts');
  const ids = (await journalStorage({ path }).list()).map(({ id }) => id);
  assert.deepEqual(await journalStorage({ path }).act(ids, { action: 'hold', onAnswered: () => assert.fail() }), ['done', 'done']);
  assert.deepEqual((await status()).queue, { queued: 0, held: 2, quarantined: 0, corrupt: 0 });
  assert.deepEqual(await journalStorage({ path }).act(ids, { action: 'delete', onAnswered: () => assert.fail() }), ['done', 'done']);
  for (const client of clients) client.destroy();
});
