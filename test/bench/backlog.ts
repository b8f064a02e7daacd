/*
 * A backlog over many destinations, some of them dead: how long it takes, how evenly it goes, what memory it
 * costs and how soon a fresh message gets its first attempt. Not part of the tests:
 *
 *   node --import tsx test/bench/backlog.ts [messages] [destinations] [dead]
 *
 * Live destinations answer at once from 127.0.0.1; dead ones accept the connection on 127.0.0.2 and never greet.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Delivery } from '../../src/delivery/delivery.ts';
import type { DeliveryEvent } from '../../src/delivery/parts.ts';
import { DEFAULT_SETTINGS, RFC_TIMEOUTS } from '../../src/delivery/settings.ts';
import { newQueueId } from '../../src/queue/id.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { decision, message } from '../delivery/test-delivery.ts';

const [messages = 20_000, destinations = 1_000, dead = 100] = process.argv.slice(2).map(Number);
const silence = 5_000;

const replies: Readonly<Record<string, string>> = { EHLO: '250-sink\r\n250 PIPELINING', DATA: '354 go', QUIT: '221 bye' };

/** Takes everything and keeps nothing. */
const sink = net.createServer({ noDelay: true }, (socket) => {
  let content = false;
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    const answers = lines.flatMap((line) => {
      if (content && line !== '.') return [];
      content = line === 'DATA';
      return [replies[line.slice(0, 4)] ?? '250 ok'];
    });
    if (answers.length > 0) socket.write(`${answers.join('\r\n')}\r\n`);
  });
  socket.write('220 sink\r\n');
});
const mute = net.createServer((socket) => socket.on('error', () => socket.destroy()).resume());

await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
const address = sink.address();
const port = typeof address === 'object' && address ? address.port : 0;
await new Promise<void>((resolve) => mute.listen(port, '127.0.0.2', resolve));

const isDead = (domain: string): boolean => Number(/^d(\d+)\./.exec(domain)?.[1] ?? dead) < dead;
const folder = await mkdtemp(path.join(tmpdir(), 'backlog-'));
const store = await openStore({ path: folder, report: console.error });
const queue = openQueue({ store, now: Date.now, onError: console.error });
const done = new Map<string, number>();
const waiting = new Map<string, () => void>();
let attempts = 0;

const heard = (event: DeliveryEvent): void => {
  if (event.event !== 'delivered' && event.event !== 'deferred') return;
  attempts += 1;
  if (event.event === 'delivered') done.set(event.destination, (done.get(event.destination) ?? 0) + 1);
  waiting.get(event.record.id)?.();
};

const quiet = () => decision('delivered');
const delivery = new Delivery({
  queue,
  dns: { mx: async () => [], addresses: async (domain) => [isDead(domain) ? '127.0.0.2' : '127.0.0.1'] },
  settings: () => ({
    ...DEFAULT_SETTINGS,
    hostname: 'relay.test',
    root: '/',
    ownAddresses: new Set(),
    localMx: true,
    mxPort: port,
    timeouts: { ...RFC_TIMEOUTS, greeting: silence },
  }),
  routeFor: () => decision('get_mx', { route: { id: 'r', to: 'mx' } }),
  hooks: { delivered: quiet, deferred: quiet, bounce: quiet },
  password: () => Promise.reject(new Error('none')),
  log: heard,
  now: Date.now,
  random: Math.random,
  newId: () => newQueueId(Date.now()),
});

const add = async (domain: string): Promise<string> => {
  const { record, content } = message({ id: newQueueId(Date.now()), recipients: [{ address: `u@${domain}` }], body: 'x'.repeat(2_000) });
  await queue.enqueue(record, content);
  return record.id;
};

const timed = async (domain: string): Promise<number> => {
  const started = Date.now();
  const id = await add(domain);
  await new Promise<void>((resolve) => waiting.set(id, resolve));
  return Date.now() - started;
};

const megabytes = (): number => Math.round(process.memoryUsage().rss / 1_048_576);
const spread = (): string => {
  const counts = Array.from({ length: destinations - dead }, (_, index) => done.get(`d${index + dead}.test`) ?? 0);
  return `${Math.min(...counts)} to ${Math.max(...counts)} for each live destination`;
};

const filled = Date.now();
for (let from = 0; from < messages; from += 200)
  await Promise.all(Array.from({ length: Math.min(200, messages - from) }, (_, index) => add(`d${(from + index) % destinations}.test`)));
console.log(`queued ${messages} over ${destinations} destinations, ${dead} of them dead, in ${Date.now() - filled} ms; ${megabytes()} MB`);

const started = Date.now();
delivery.start();
const live = Math.floor((messages * (destinations - dead)) / destinations);
const total = (): number => [...done.values()].reduce((sum, count) => sum + count, 0);
while (total() < live / 4) await sleep(20);
console.log(`a quarter after ${Date.now() - started} ms: ${spread()}; ${megabytes()} MB`);
console.log(`fresh mail, known destination: ${await timed(`d${dead}.test`)} ms; new one: ${await timed('brand-new.test')} ms`);
while (total() < live) await sleep(20);
const seconds = (Date.now() - started) / 1000;
console.log(`all live mail after ${seconds} s, ${Math.round(live / seconds)}/s; ${attempts} attempts; ${spread()}; ${megabytes()} MB`);

await delivery.stop(100);
await queue.close();
await store.close();
await rm(folder, { recursive: true });
sink.close();
mute.close();
process.exit(0);
