import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { QueueStorage } from '../../src/queue/administration.ts';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import type { DeliveryReport } from '../../src/queue/message.ts';
import type { AdministeredQueue, RecipientOutcome, Work } from '../../src/queue/queue.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { inline, recipient, record, takeFrom } from './sample.ts';
import { Database, tableStorage } from './table-storage.ts';

const report = (code: number): DeliveryReport => ({
  code,
  enhanced: `${Math.floor(code / 100)}.0.0`,
  text: 'so',
  remote: 'mx.example.net',
  at: 5,
});
const delivered = (address: string): RecipientOutcome => ({ fate: 'delivered', address, report: report(250) });
const deferred = (address: string, nextAttempt: number): RecipientOutcome => ({
  fate: 'deferred',
  address,
  nextAttempt,
  report: report(451),
});

for (const kind of ['journal', 'database'] as const)
  describe(`the queue on a ${kind}`, () => {
    let path: string;
    let storage: QueueStorage;
    let store: MessageStore;
    let queue: AdministeredQueue;
    let now: number;

    const start = async (): Promise<void> => {
      store = await storage.open(() => {});
      queue = openQueue({ store, now: () => now, onError: (error) => assert.ifError(error) });
    };
    const stop = async (): Promise<void> => {
      await queue.close();
      await store.close();
    };
    const take = (destination?: string): Promise<Work | null> => takeFrom(queue, destination);
    const due = (): Promise<void> =>
      new Promise((resolve) => {
        const stopListening = queue.onDue(() => {
          stopListening();
          resolve();
        });
      });

    beforeEach(async () => {
      path = await mkdtemp(join(tmpdir(), 'relayctl-queue-'));
      storage = kind === 'journal' ? journalStorage({ path, segmentSize: 256 * 1024 }) : tableStorage(new Database());
      now = 1_000;
      await start();
    });
    afterEach(async () => {
      await stop();
      await rm(path, { recursive: true });
    });

    it('hands a new message out once, with its content', async () => {
      const heard = due();
      await queue.enqueue(record('m1'), inline('hi'));
      await heard;
      const work = await take();
      assert.deepEqual(work?.recipients, ['b@example.net']);
      assert.equal(work.destination, 'example.net');
      assert.equal(await take(), null);
      assert.equal((await queue.content('m1'))?.header.toString(), 'Subject: x\r\n\r\n');
      await queue.settle('m1', [delivered('b@example.net')]);
      assert.equal(await store.get('m1'), null);
      assert.equal(await take(), null);
    });

    it('gives one copy to a recipient that was named twice', async () => {
      await queue.enqueue(record('m1', { recipients: [recipient('b@example.net'), recipient('b@example.net')] }), inline('hi'));
      assert.deepEqual((await take())?.recipients, ['b@example.net']);
    });

    it('records the outcome of each recipient separately, and retries only those still pending', async () => {
      const recipients = ['a@one.example', 'b@two.example', 'c@two.example'].map((address) => recipient(address));
      await queue.enqueue(record('m1', { recipients }), inline('hi'));
      const work = await take();
      assert.equal(work?.destination, '');
      await Promise.all([
        queue.settle('m1', [delivered('a@one.example')]),
        queue.settle('m1', [deferred('b@two.example', 61_000)]),
        queue.settle('m1', [{ fate: 'failed', address: 'c@two.example', report: report(550) }]),
      ]);
      assert.deepEqual(
        (await store.get('m1'))?.recipients.map(({ status, attempts }) => [status, attempts]),
        [
          ['delivered', 1],
          ['open', 1],
          ['failed', 1],
        ],
      );
      assert.equal(await take(), null);
      now = 61_000;
      const again = await take('two.example');
      assert.deepEqual(again?.recipients, ['b@two.example']);
      assert.equal(again.record.recipients[1]?.last?.code, 451);
    });

    it('queues a DSN in the same step that completes the recipient', async () => {
      await queue.enqueue(record('m1'), inline('hi'));
      await take();
      const dsn = record('dsn', { envelope: { sender: '', body: '7bit', smtputf8: false }, recipients: [recipient('a@example.com')] });
      await queue.settle(
        'm1',
        [{ fate: 'failed', address: 'b@example.net', report: report(550) }],
        [{ record: dsn, content: inline('sorry') }],
      );
      assert.equal(await store.get('m1'), null);
      assert.equal((await take('example.com'))?.id, 'dsn');
    });

    it('makes a returned message due again without counting an attempt', async () => {
      await queue.enqueue(record('m1'), inline('hi'));
      await take();
      queue.giveBack('m1', 5_000);
      assert.equal(await take(), null);
      now = 5_000;
      assert.equal((await take())?.record.recipients[0]?.attempts, 0);
      await queue.settle('m1', [{ fate: 'postponed', address: 'b@example.net', nextAttempt: 9_000 }]);
      now = 9_000;
      assert.equal((await take())?.record.recipients[0]?.attempts, 0);
    });

    it('wakes up when the next message is due', async () => {
      await queue.enqueue(record('m1', { recipients: [recipient('b@example.net', { nextAttempt: now + 20 })] }), inline('hi'));
      assert.equal(await take(), null);
      const heard = due();
      now += 20;
      await heard;
      assert.equal((await take())?.id, 'm1');
    });

    it('gives each destination its turn, however many messages another has', async () => {
      for (let index = 0; index < 50; index++) await queue.enqueue(record(`a${index}`), inline('hi'));
      await queue.enqueue(record('b', { recipients: [recipient('x@Other.example')] }), inline('hi'));
      assert.deepEqual(
        [...queue.backlog()],
        [
          { destination: 'example.net', due: 50 },
          { destination: 'other.example', due: 1 },
        ],
      );
      assert.deepEqual([(await take())?.id, (await take())?.id, (await take())?.id], ['a0', 'b', 'a1']);
    });

    it('resumes after a restart', async () => {
      await queue.enqueue(record('m1'), inline('one'));
      await queue.enqueue(record('m2', { state: 'quarantined', reason: 'looks odd' }), inline('two'));
      await take();
      await queue.settle('m1', [deferred('b@example.net', 50_000)]);
      await stop();
      await start();
      assert.equal(await take(), null);
      now = 50_000;
      let work = await take();
      for (const until = Date.now() + 120_000; work === null && Date.now() < until; work = await take()) await new Promise(setImmediate);
      assert.equal(work?.record.recipients[0]?.attempts, 1);
      assert.equal(await take(), null);
      assert.deepEqual(queue.status(), { queued: 1, held: 0, quarantined: 1, corrupt: 0 });
    });

    it('lets a person retry, hold, release and delete', async () => {
      await queue.enqueue(record('m1'), inline('one'));
      await take();
      assert.equal(await queue.act('m1', 'hold'), 'busy');
      await queue.settle('m1', [deferred('b@example.net', 900_000)]);
      assert.equal(await queue.act('m1', 'retry'), 'done');
      assert.equal((await take())?.record.recipients[0]?.attempts, 1);
      await queue.settle('m1', [deferred('b@example.net', 900_000)]);
      assert.equal(await queue.act('m1', 'retry'), 'done');
      assert.equal((await take())?.record.recipients[0]?.attempts, 1, 'a retry that was asked for costs no attempt');
      queue.giveBack('m1', 0);
      assert.equal(await queue.act('m1', 'hold'), 'done');
      assert.equal(await take(), null);
      assert.equal(await queue.act('m1', 'retry'), 'refused');
      assert.equal(await queue.act('m1', 'quarantine'), 'done');
      assert.equal(queue.status().quarantined, 1);
      now = 2_000_000;
      assert.equal(await queue.act('m1', 'release'), 'done');
      const work = await take();
      assert.ok((work?.record.expires ?? 0) > now, 'the time in quarantine is not taken off its lifetime');
      queue.giveBack('m1', 0);
      assert.equal(await queue.act('m1', 'delete'), 'done');
      assert.equal(await take(), null);
      assert.equal(await queue.act('m1', 'delete'), 'missing');
    });
  });
