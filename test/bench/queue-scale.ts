/*
 * Fills a queue with messages for many destinations, ends without closing, and measures what a restart
 * costs: time until the store is open, until the first message is handed out, until all are known; longest
 * pause of the event loop; memory. `node --import tsx test/bench/queue-scale.ts [messages] [destinations]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { inline, recipient, record } from '../queue/sample.ts';

const [, self = '', messages = '100000', destinations = '1000', filled] = process.argv;
const fail = (error: unknown): void => {
  throw error;
};

const fill = async (path: string): Promise<void> => {
  const store = await openStore({ path, report: fail });
  const body = Buffer.alloc(2_048, 'x');
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < Number(messages)) {
      const index = next++;
      const to = `user@d${index % Number(destinations)}.example`;
      await store.add(record(`m${String(index).padStart(8, '0')}`, { recipients: [recipient(to)], expires: 9e15 }), inline(body));
    }
  };
  await Promise.all(Array.from({ length: 100 }, one));
  process.exit(0);
};

const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576);

const measure = async (path: string): Promise<void> => {
  const before = process.memoryUsage();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const since = (): number => Math.round(performance.now() - start);
  const store = await openStore({ path, report: fail });
  const opened = since();
  const queue = openQueue({ store, now: Date.now, onError: fail });
  const added = record('fresh', { recipients: [recipient('a@fresh.example')], expires: 9e15 });
  await queue.enqueue(added, inline('fresh'));
  const answered = since();
  await queue.take('fresh.example');
  const freshTaken = since();
  let known = 0;
  while (known < Number(messages)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    known = 0;
    for (const { due } of queue.backlog()) known += due;
  }
  const all = since();
  delay.disable();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const figures = {
    messages: known,
    'store open, ms': opened,
    'new message durable, ms': answered,
    'new message handed out, ms': freshTaken,
    'all known, ms': all,
    'longest pause, ms': Math.round(delay.max / 1e6),
    'heap, MiB': megabytes(after.heapUsed - before.heapUsed),
    'resident, MiB': megabytes(after.rss),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  const turns = performance.now();
  let taken = 0;
  while (await queue.take()) taken++;
  process.stdout.write(`${taken} taken in ${Math.round(performance.now() - turns)} ms\n`);
  process.exit(0);
};

if (filled) await (filled === 'fill' ? fill : measure)(process.env.QUEUE_SCALE_PATH ?? '');
else {
  const path = mkdtempSync(join(tmpdir(), 'relayctl-scale-'));
  const run = (step: string): void => {
    const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(new URL(`file://${self}`)), messages, destinations, step];
    execFileSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, QUEUE_SCALE_PATH: path } });
  };
  try {
    run('fill');
    run('measure');
  } finally {
    rmSync(path, { recursive: true });
  }
}
