import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bodyPieces } from '../../src/message/body.ts';
import type { BodyRef } from '../../src/message/body-ref.ts';
import type { AnsweredRequest, QueueStorage } from '../../src/queue/administration.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import type { MessageContent } from '../../src/queue/message.ts';
import type { QueueAction } from '../../src/queue/queue.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { inline, recipient, record } from './sample.ts';

/** How the suite gets at a store. Each `storage.open` stands for another process of the relay. */
export interface StoreUnderTest {
  readonly storage: QueueStorage;
  /** Ends the store as a crash would: nothing is closed or flushed. */
  crash(store: MessageStore): Promise<void>;
  /** Large bodies that are kept, also those without a message. */
  bodies(): Promise<number>;
  cleanUp(): Promise<void>;
}

const fail = (trouble: unknown): void => assert.fail(JSON.stringify(trouble));

/** Everything a store has, in its order. */
export const idsIn = async (store: MessageStore): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { id } of store.records()) ids.push(id);
  return ids;
};

/** A large body of these bytes, as it stands when it has arrived. */
export const arrived = async (store: MessageStore, ...pieces: readonly Buffer[]): Promise<BodyRef> => {
  const sink = await store.newBody();
  for (const piece of pieces) await sink.append(piece);
  return sink.finish();
};

/** Header and body as one. */
export const bytesOf = async (content: MessageContent | null): Promise<Buffer> => {
  if (!content) return Buffer.from('no content');
  const pieces = [content.header];
  for await (const piece of bodyPieces(content.body)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
};

/** What every store promises, whatever it is made of. */
export const conformance = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name} meets the store contract`, () => {
    let place: StoreUnderTest;
    let store: MessageStore;
    before(async () => {
      place = await make();
      store = await place.storage.open(fail);
    });
    after(async () => {
      await store.close();
      await place.cleanUp();
    });
    const restart = async (): Promise<void> => {
      await place.crash(store);
      store = await place.storage.open(fail);
      await store.adopt();
    };

    it('gives back a message as it was added, after a crash too', async () => {
      await store.add(record('m1'), inline('hello\r\n'));
      for (const round of ['before', 'after']) {
        assert.deepEqual(await store.get('m1'), record('m1'), round);
        assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
        await restart();
      }
    });

    it('keeps a message with an empty body or no content, however the empty buffer was made', async () => {
      const nothing = [Buffer.from(''), Buffer.alloc(0).subarray(0, 0)];
      for (const [place, bytes] of nothing.entries()) {
        const content: MessageContent = {
          header: place === 0 ? bytes : Buffer.from('Subject: x\r\n\r\n'),
          body: { kind: 'inline', bytes },
        };
        await store.add(record(`empty${place}`), content);
        await restart();
        assert.deepEqual(await bytesOf(await store.content(`empty${place}`)), content.header);
        await store.remove(`empty${place}`);
      }
      assert.equal(store.status().corrupt, 0);
    });

    it('rejects a duplicate id', async () => {
      await assert.rejects(store.add(record('m1'), inline('other')));
      assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
    });

    it('replaces the record and leaves the content', async () => {
      const held = record('m1', { state: 'held', reason: 'looked at', recipients: [recipient('b@example.net', { attempts: 3 })] });
      await store.update(held);
      await restart();
      assert.deepEqual(await store.get('m1'), held);
      assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
      assert.deepEqual(store.status(), { queued: 0, held: 1, quarantined: 0, corrupt: 0 });
    });

    it('adds new messages together with an update or a removal', async () => {
      await store.update(record('m1'), [{ record: record('dsn1'), content: inline('report 1') }]);
      await store.remove('m1', [{ record: record('dsn2', { state: 'quarantined' }), content: inline('report 2') }]);
      await restart();
      assert.equal(await store.get('m1'), null);
      assert.equal(await store.content('m1'), null);
      assert.deepEqual(await idsIn(store), ['dsn1', 'dsn2']);
      assert.equal((await bytesOf(await store.content('dsn2'))).toString(), 'Subject: x\r\n\r\nreport 2');
      assert.deepEqual(store.status(), { queued: 1, held: 0, quarantined: 1, corrupt: 0 });
    });

    it('rejects changes to a missing message', async () => {
      await assert.rejects(store.update(record('nobody')));
      await assert.rejects(store.remove('nobody'));
    });

    it('takes ownership of a large body, and removes it with the message', async () => {
      const body = await arrived(store, Buffer.alloc(200_000, 'y'), Buffer.alloc(100_000, 'z'));
      await store.add(record('big'), { header: Buffer.from('A: b\r\n\r\n'), body });
      await restart();
      const content = await store.content('big');
      for (const time of ['once', 'twice'])
        assert.equal((await bytesOf(content)).toString(), `A: b\r\n\r\n${'y'.repeat(200_000)}${'z'.repeat(100_000)}`, time);
      assert.equal(await place.bodies(), 1);
      await store.remove('big');
      assert.equal(await place.bodies(), 0);
    });

    it('copies a large body from another store', async () => {
      const open = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from('elsewhere, ');
        yield Buffer.from('piece by piece');
      };
      await store.add(record('copied'), { header: Buffer.from('A: b\r\n\r\n'), body: { kind: 'stream', length: 25, open } });
      await restart();
      assert.equal((await bytesOf(await store.content('copied'))).toString(), 'A: b\r\n\r\nelsewhere, piece by piece');
      await store.remove('copied');
    });

    it('keeps a large inline body', async () => {
      const body = Buffer.alloc(3_000_000, 'z');
      await store.add(record('huge'), inline(body));
      await restart();
      assert.ok((await bytesOf(await store.content('huge'))).subarray(14).equals(body));
      await store.remove('huge');
    });

    it('discards a large body, while it arrives and afterwards', async () => {
      for (const finished of [false, true]) {
        const sink = await store.newBody();
        await sink.append(Buffer.alloc(200_000));
        if (finished) await sink.finish();
        await sink.discard();
        assert.equal(await place.bodies(), 0);
      }
    });

    it('keeps every concurrent message, in order of id', async () => {
      const ids = Array.from({ length: 200 }, (_, index) => `n${String(index).padStart(4, '0')}`);
      await Promise.all(ids.map((id) => store.add(record(id), inline(id))));
      await Promise.all(ids.filter((_, index) => index % 2 === 0).map((id) => store.remove(id)));
      await restart();
      const kept = (await idsIn(store)).filter((id) => id.startsWith('n'));
      assert.deepEqual(
        kept,
        ids.filter((_, index) => index % 2 === 1),
      );
      for (const id of kept) assert.equal((await bytesOf(await store.content(id))).toString(), `Subject: x\r\n\r\n${id}`);
    });

    it('applies changes to one message in call order', async () => {
      await store.add(record('order'), inline('x'));
      await Promise.all(Array.from({ length: 20 }, (_, size) => store.update(record('order', { size }))));
      await restart();
      assert.equal((await store.get('order'))?.size, 19);
    });

    it('gives a message to one store, and lets another take it over when the first is gone', async () => {
      const other = await place.storage.open(fail);
      assert.deepEqual(await other.adopt(), []);
      assert.equal(await other.get('order'), null);
      const mine = await idsIn(store);
      await place.crash(store);
      store = other;
      assert.deepEqual([...(await store.adopt())].sort(), mine);
      assert.equal((await store.get('order'))?.size, 19);
    });

    it('adds a large new message together with an update of one taken over', async () => {
      const content = { header: Buffer.from('A: b\r\n\r\n'), body: await arrived(store, Buffer.from('a report as it arrived')) };
      await store.update(record('order', { size: 20 }), [{ record: record('dsn3'), content }]);
      await restart();
      assert.equal((await store.get('order'))?.size, 20);
      assert.equal((await bytesOf(await store.content('dsn3'))).toString(), 'A: b\r\n\r\na report as it arrived');
    });

    it('gives each message to one of several stores that want it', async () => {
      const wanted = await idsIn(store);
      const others = [await place.storage.open(fail), await place.storage.open(fail)] as const;
      await place.crash(store);
      const adopted = await Promise.all(others.map((other) => other.adopt()));
      assert.deepEqual(adopted.flat().sort(), wanted);
      await others[0].close();
      store = others[1];
      await store.adopt();
      assert.deepEqual(await idsIn(store), wanted);
    });

    it('hands every message to a queue, and outcomes survive', async () => {
      for (const id of await idsIn(store)) if ((await store.get(id))?.state !== 'queued') await store.remove(id);
      const wanted = await idsIn(store);
      const queue = openQueue({ store, now: () => 2_000, onError: fail });
      const taken: string[] = [];
      for (const until = Date.now() + 120_000; taken.length < wanted.length && Date.now() < until; await new Promise(setImmediate)) {
        const work = await queue.take();
        if (!work) continue;
        taken.push(work.id);
        const address = work.recipients[0] ?? '';
        const report = { code: 250, enhanced: '2.0.0', text: 'ok', remote: '', at: 2_000 };
        await queue.settle(work.id, [{ fate: 'delivered', address, report }]);
      }
      assert.deepEqual(taken.sort(), wanted);
      await queue.close();
      await restart();
      assert.deepEqual([await idsIn(store), await place.bodies()], [[], 0]);
    });

    for (const running of [true, false])
      it(`lets an operator list, show and change messages of a relay that ${running ? 'runs' : 'is stopped'}`, async () => {
        for (const id of ['o1', 'o2', 'o3']) await store.add(record(id), inline(`body of ${id}`, `Subject: ${id}\r\n\r\n`));
        await store.update(record('o2', { state: 'quarantined', reason: 'odd' }));
        const { storage } = place;
        const answered: AnsweredRequest[] = [];
        const onAnswered = (request: AnsweredRequest): void => void answered.push(request);
        const queue = openQueue({ store, now: Date.now, onError: fail });
        const answering = storage.answerRequests({ queue, onError: fail, onAnswered });
        const stop = async (): Promise<void> => {
          await answering.stop();
          await queue.close();
        };
        if (!running) {
          await stop();
          await store.close();
        }
        const states = async () => Object.fromEntries((await storage.list()).map(({ id, state }) => [id, state]));
        const act = (action: QueueAction, ...ids: readonly string[]) => storage.act(ids, { action, onAnswered });
        assert.deepEqual(await states(), { o1: 'queued', o2: 'quarantined', o3: 'queued' });
        const shown = await storage.show('o2');
        assert.deepEqual([shown?.header.toString(), shown?.running, shown?.record.reason], ['Subject: o2\r\n\r\n', running, 'odd']);
        assert.deepEqual(await act('hold', 'o1', 'o2', 'nobody'), ['done', 'refused', 'missing']);
        assert.deepEqual(await act('release', 'o2', 'o1'), ['done', 'done']);
        assert.deepEqual(await act('delete', 'o3'), ['done']);
        assert.deepEqual(await act('retry', 'o1'), ['done']);
        assert.deepEqual(await states(), { o1: 'queued', o2: 'queued' });
        assert.equal(await storage.show('o3'), null);
        assert.deepEqual(answered.map(({ id, action, result }) => `${action} ${id}: ${result}`).sort(), [
          'delete o3: done',
          'hold o1: done',
          'hold o2: refused',
          'release o1: done',
          'release o2: done',
          'retry o1: done',
        ]);
        if (running) await stop();
        else {
          store = await storage.open(fail);
          await store.adopt();
        }
        for (const id of ['o1', 'o2']) await store.remove(id);
      });
  });
};
