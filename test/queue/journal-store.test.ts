import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueueStorage } from '../../src/queue/administration.ts';
import { parseFolderName, thisProcess } from '../../src/queue/journal/owner.ts';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { conformance, type StoreUnderTest } from './conformance.ts';

const GONE = '4194999-1-dead';

/** A crash leaves files open and unflushed, and folders whose owner is gone: so does this, by renaming them under the store's feet. */
class JournalUnderTest implements StoreUnderTest {
  readonly #path: string;
  readonly #segmentSize: number;
  readonly #folders = new Map<MessageStore, readonly string[]>();
  /** Their files stay open as long as the test runs: nobody closes what a crash leaves. */
  readonly #crashed: MessageStore[] = [];

  constructor(path: string, segmentSize: number) {
    this.#path = path;
    this.#segmentSize = segmentSize;
  }

  get storage(): QueueStorage {
    const storage = journalStorage({ path: this.#path, segmentSize: this.#segmentSize });
    return { ...storage, open: (report) => this.#open(() => storage.open(report)) };
  }

  async bodies(): Promise<number> {
    return (await readdir(this.#path, { recursive: true })).filter((name) => /bodies\/\w+$/.test(name)).length;
  }

  async #open(opening: () => Promise<MessageStore>): Promise<MessageStore> {
    const before = await this.#owned();
    const store = await opening();
    const after = await this.#owned();
    this.#folders.set(
      store,
      after.filter((name) => !before.includes(name)),
    );
    return store;
  }

  async crash(store: MessageStore): Promise<void> {
    this.#folders.delete(store);
    this.#crashed.push(store);
    const ofOthers = [...this.#folders.values()].flat();
    for (const name of await this.#owned())
      if (!ofOthers.includes(name)) await rename(join(this.#path, name), join(this.#path, name.replace(/@.*/, `@${GONE}`)));
  }

  async cleanUp(): Promise<void> {
    for (const store of this.#crashed) await store.close();
    await rm(this.#path, { recursive: true });
  }

  async #owned(): Promise<readonly string[]> {
    return (await readdir(this.#path)).filter((name) => parseFolderName(name)?.owner === thisProcess());
  }
}

for (const segmentSize of [16 * 1024 * 1024, 64 * 1024])
  conformance(
    `journal store with segments of ${segmentSize} bytes`,
    async () => new JournalUnderTest(await mkdtemp(join(tmpdir(), 'relayctl-store-')), segmentSize),
  );
