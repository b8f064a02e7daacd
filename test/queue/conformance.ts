import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { MessageContent } from '../../src/queue/message.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { inline, recipient, record } from './sample.ts';

/** How the suite gets at a store. `reopen` is what a restart does: the same place, another process. */
export interface StoreUnderTest {
  open(): Promise<MessageStore>;
  /** Ends the store as a crash would: nothing is closed or flushed. */
  crash(store: MessageStore): Promise<void>;
  cleanUp(): Promise<void>;
}

/** Header and body as one. */
export const bytesOf = async (content: MessageContent | null): Promise<Buffer> => {
  if (!content) return Buffer.from('no content');
  const { body } = content;
  if (body.kind === 'inline') return Buffer.concat([content.header, body.bytes]);
  const file = await readFile(body.file);
  return Buffer.concat([content.header, file.subarray(body.offset, body.offset + body.length)]);
};

/** What every store promises, whatever it is made of. */
export const conformance = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the promises of a store`, () => {
    let place: StoreUnderTest;
    let store: MessageStore;
    before(async () => {
      place = await make();
      store = await place.open();
    });
    after(async () => {
      await store.close();
      await place.cleanUp();
    });
    const restart = async (): Promise<void> => {
      await place.crash(store);
      store = await place.open();
      await store.adopt();
    };

    it('gives back a message as it was added, after a crash too', async () => {
      await store.add(record('m1'), inline('hello\r\n'));
      for (const round of ['before', 'after']) {
        assert.deepEqual(store.get('m1'), record('m1'), round);
        assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
        await restart();
      }
    });

    it('keeps a message without a body, or without anything, however the empty buffer came about', async () => {
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

    it('refuses an id that is taken', async () => {
      await assert.rejects(store.add(record('m1'), inline('other')));
      assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
    });

    it('replaces the record and leaves the content', async () => {
      const held = record('m1', { state: 'held', reason: 'looked at', recipients: [recipient('b@example.net', { attempts: 3 })] });
      await store.update(held);
      await restart();
      assert.deepEqual(store.get('m1'), held);
      assert.equal((await bytesOf(await store.content('m1'))).toString(), 'Subject: x\r\n\r\nhello\r\n');
      assert.deepEqual(store.status(), { queued: 0, held: 1, quarantined: 0, corrupt: 0 });
    });

    it('brings new messages in with an update or a removal', async () => {
      await store.update(record('m1'), [{ record: record('dsn1'), content: inline('report 1') }]);
      await store.remove('m1', [{ record: record('dsn2', { state: 'quarantined' }), content: inline('report 2') }]);
      await restart();
      assert.equal(store.get('m1'), null);
      assert.equal(await store.content('m1'), null);
      assert.deepEqual(
        [...store.records()].map(({ id }) => id),
        ['dsn1', 'dsn2'],
      );
      assert.equal((await bytesOf(await store.content('dsn2'))).toString(), 'Subject: x\r\n\r\nreport 2');
      assert.deepEqual(store.status(), { queued: 1, held: 0, quarantined: 1, corrupt: 0 });
    });

    it('rejects changes to what is not there', async () => {
      await assert.rejects(store.update(record('nobody')));
      await assert.rejects(store.remove('nobody'));
    });

    it('takes a body file over, and removes it with the message', async () => {
      const { file, handle } = await store.bodyFile();
      await handle.writeFile(`skipped${'y'.repeat(300_000)}`);
      await handle.close();
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      await store.add(record('big'), { header: Buffer.from('A: b\r\n\r\n'), body: { kind: 'file', file, offset: 7, length: 300_000 } });
      await restart();
      const content = await store.content('big');
      assert.equal((await bytesOf(content)).toString(), `A: b\r\n\r\n${'y'.repeat(300_000)}`);
      await store.remove('big');
      if (content?.body.kind === 'file') await assert.rejects(stat(content.body.file), { code: 'ENOENT' });
    });

    it('keeps a large inline body', async () => {
      const body = Buffer.alloc(3_000_000, 'z');
      await store.add(record('huge'), inline(body));
      await restart();
      assert.ok((await bytesOf(await store.content('huge'))).subarray(14).equals(body));
      await store.remove('huge');
    });

    it('discards a body file that nobody wants', async () => {
      const { file, handle } = await store.bodyFile();
      await handle.close();
      await store.discardFile(file);
      await assert.rejects(stat(file), { code: 'ENOENT' });
    });

    it('keeps every one of many that come at once, in order of their ids', async () => {
      const ids = Array.from({ length: 200 }, (_, index) => `n${String(index).padStart(4, '0')}`);
      await Promise.all(ids.map((id) => store.add(record(id), inline(id))));
      await Promise.all(ids.filter((_, index) => index % 2 === 0).map((id) => store.remove(id)));
      await restart();
      const kept = [...store.records()].map(({ id }) => id).filter((id) => id.startsWith('n'));
      assert.deepEqual(
        kept,
        ids.filter((_, index) => index % 2 === 1),
      );
      for (const id of kept) assert.equal((await bytesOf(await store.content(id))).toString(), `Subject: x\r\n\r\n${id}`);
    });

    it('applies what comes for one message in the order of the calls', async () => {
      await store.add(record('order'), inline('x'));
      await Promise.all(Array.from({ length: 20 }, (_, size) => store.update(record('order', { size }))));
      await restart();
      assert.equal(store.get('order')?.size, 19);
    });

    it('lets one store have a message, and another take it over when the first is gone', async () => {
      const other = await place.open();
      assert.deepEqual(await other.adopt(), []);
      assert.equal(other.get('order'), null);
      const mine = [...store.records()].map(({ id }) => id);
      await place.crash(store);
      store = other;
      assert.deepEqual([...(await store.adopt())].sort(), mine);
      assert.equal(store.get('order')?.size, 19);
    });

    it('brings a large new message in with the update of one that was taken over', async () => {
      const { file, handle } = await store.bodyFile();
      await handle.writeFile('report in a file');
      await handle.close();
      const content = { header: Buffer.from('A: b\r\n\r\n'), body: { kind: 'file', file, offset: 0, length: 16 } } as const;
      await store.update(record('order', { size: 20 }), [{ record: record('dsn3'), content }]);
      await restart();
      assert.equal(store.get('order')?.size, 20);
      assert.equal((await bytesOf(await store.content('dsn3'))).toString(), 'A: b\r\n\r\nreport in a file');
    });

    it('gives each message to one of several stores that want it', async () => {
      const wanted = [...store.records()].map(({ id }) => id);
      const others = [await place.open(), await place.open()] as const;
      await place.crash(store);
      const adopted = await Promise.all(others.map((other) => other.adopt()));
      assert.deepEqual(adopted.flat().sort(), wanted);
      await others[0].close();
      store = others[1];
      await store.adopt();
      assert.deepEqual(
        [...store.records()].map(({ id }) => id),
        wanted,
      );
    });
  });
};
