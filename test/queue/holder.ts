import { journalStorage } from '../../src/queue/journal/storage.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';

/** A relay that only holds its queue. Run by `operations.test.ts`. */
const [, , path = ''] = process.argv;
const onError = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
};
const storage = journalStorage({ path, segmentSize: 256 * 1024 });
const store = await storage.open(onError);
await store.adopt();
storage.answerRequests({ queue: openQueue({ store, now: Date.now, onError }), onError });
process.stdout.write('ready\n');
setInterval(() => {}, 1_000);
