import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveProcess } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from './policies.ts';
import { connected, isRunning, processOf, relayWithWorkers, sendMail, subjects, workersConfig } from './worker-relay.ts';

/** Refuses for the moment, until told otherwise. */
const fickle = () => {
  const mood = { friendly: false };
  return { mood, hop: { script: (step: string) => (step === 'mail' && !mood.friendly ? '451 4.3.0 Not now' : undefined) } };
};

test('a killed worker is replaced, and its mail arrives once', async (t) => {
  const { mood, hop: options } = fickle();
  const config = 'delivery: { retry: [1s] }\nlimits: { shutdown: 2s }\n';
  const { address, hop, status } = await relayWithWorkers(t, { hop: options, config });
  const clients = [await connected(address), await connected(address)];
  const replies: string[] = [];
  for (const [at, client] of clients.entries()) for (let mail = 0; mail < 3; mail++) replies.push(await sendMail(client, `${at}-${mail}`));
  assert.equal(new Set(replies.map(processOf)).size, 2);
  const [victim = 0, other = 0] = (await status()).workers;
  process.kill(victim, 'SIGKILL');
  mood.friendly = true;
  await until(() => hop.received.filter(({ content }) => content.length > 0).length >= 6, 'all mail');
  await until(async () => (await status()).queue.queued === 0, 'an empty queue');
  assert.deepEqual(subjects(hop), ['0-0', '0-1', '0-2', '1-0', '1-1', '1-2']);
  await until(async () => (await status()).workers.length === 2, 'a successor');
  const now = (await status()).workers;
  assert.ok(now.includes(other) && !now.includes(victim));
  for (const client of clients) client.destroy();
  const fresh = [await connected(address), await connected(address)];
  for (const client of fresh) assert.match(await sendMail(client, 'after'), /^250 /);
  for (const client of fresh) client.destroy();
});

test('a worker that begins after a reload has the new policy', async (t) => {
  const { address, site, served, hop, status } = await relayWithWorkers(t);
  const before = (await status()).policy;
  await site.write({ 'rules/10-relay.yaml': relayPolicy(hop.port).replace('bob@', 'joe@') });
  served.process.kill('SIGHUP');
  await until(async () => (await status()).policy !== before, 'the reload');
  const { workers } = await status();
  for (const pid of workers) {
    process.kill(pid, 'SIGKILL');
    await until(async () => (await status()).workers.filter((one) => one !== pid).length === 2, 'a successor');
  }
  assert.ok((await status()).workers.every((pid) => !workers.includes(pid)));
  for (const client of [await connected(address), await connected(address)]) {
    assert.match((await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<joe@example.com>')).join(), /250.*,250/);
    client.destroy();
  }
});

test('killing the primary ends its workers, and the next relay delivers the queue', async (t) => {
  const { mood, hop: options } = fickle();
  const config = 'delivery: { retry: [1s] }\nlimits: { shutdown: 1s }\n';
  const { hop, served, site, status } = await relayWithWorkers(t, { hop: options, config, listener: 'unix:relay.sock' });
  const address = `unix:${join(site.root, 'relay.sock')}`;
  const clients = [await connected(address), await connected(address)];
  for (const [at, client] of clients.entries()) await sendMail(client, `${at}`);
  const { workers } = await status();
  const exited = once(served.process, 'exit');
  served.process.kill('SIGKILL');
  await exited;
  await until(() => !workers.some(isRunning), 'the end of the workers');
  for (const client of clients) assert.match((await client.reply()).text, /^421 4\.3\.2 /);
  mood.friendly = true;
  const again = await serveProcess(site);
  await until(() => subjects(hop).filter((subject) => subject !== '').length === 2, 'the mail of both workers');
  assert.deepEqual(subjects(hop), ['0', '1']);
  assert.match(await sendMail(await connected(address), 'another'), /^250 /);
  assert.equal(await again.stop(), 0);
});

const gone = (client: SmtpClient): boolean => {
  client.destroy();
  return false;
};

test('a second SIGTERM stops at once and leaves no process behind', async (t) => {
  const { address, served, status } = await relayWithWorkers(t, { config: 'limits: { shutdown: 30s }\n' });
  const busy = await connected(address);
  await busy.dialogue('MAIL FROM:<eve@example.net>');
  const { workers } = await status();
  const exited = once(served.process, 'exit');
  served.process.kill('SIGTERM');
  await until(() => SmtpClient.connect(address).then(gone, () => true), 'closed doors');
  served.process.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await until(() => !workers.some(isRunning), 'the end of the workers');
  busy.destroy();
});

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

test('a port in use prevents startup; SIGUSR2 reopens logs; SIGTERM lets transactions finish', async (t) => {
  const { address, served, site, status } = await relayWithWorkers(t, { config: 'limits: { shutdown: 10s }\n' });
  await site.write({ 'config/relay.yaml': workersConfig('queue: { path: var/other }\n', address) });
  await assert.rejects(serveProcess(site), /serve ended with 1/);
  await site.write({ 'config/relay.yaml': workersConfig() });

  const file = join(site.root, 'var/log/decisions.jsonl');
  const clients = [await connected(address), await connected(address)];
  for (const client of clients) await sendMail(client, 'before');
  await until(async () => ((await sizeOf(file)) ?? 0) > 0, 'the first log');
  await rename(file, `${file}.1`);
  served.process.kill('SIGUSR2');
  await until(async () => (await sizeOf(file)) !== null, 'a new log');

  for (const client of clients) await client.dialogue('MAIL FROM:<eve@example.net>', 'RCPT TO:<ann@example.com>', 'DATA');
  const { workers } = await status();
  const exited = once(served.process, 'exit');
  served.process.kill('SIGTERM');
  await until(() => SmtpClient.connect(address).then(gone, () => true), 'closed doors');
  for (const client of clients) assert.match((await client.ask('From: eve@example.net\r\n\r\nHello!\r\n.')).text, /^250 /);
  assert.deepEqual(await exited, [0, null]);
  assert.ok(!workers.some(isRunning));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.map((line) => JSON.parse(line)).filter(({ hook, verdict }) => hook === 'rcpt' && verdict === 'accept').length, 2);
});
