import { answerInbox } from '../../src/queue/inbox.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';

/** A relay that only holds its queue. Run by `operations.test.ts`. */
const [, , path = ''] = process.argv;
const onError = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
};
const store = await openStore({ path, segmentSize: 256 * 1024, report: onError });
await store.adopt();
answerInbox({ path, queue: openQueue({ store, now: Date.now, onError }), onError });
process.stdout.write('ready\n');
setInterval(() => {}, 1_000);
