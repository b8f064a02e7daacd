import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../../src/queue/journal/store.ts';
import type { MessageRecord } from '../../src/queue/message.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { bytesOf } from '../queue/conformance.ts';
import { bodyOf, SEGMENT_SIZE } from './sample.ts';

interface Promised {
  updated: boolean;
  fate: 'kept' | 'going' | 'gone';
}

export interface Findings {
  readonly kept: number;
  readonly lost: readonly string[];
  readonly altered: readonly string[];
  /** Removed, and there again: they would be delivered twice. */
  readonly back: readonly string[];
  /** Nobody was told they were accepted, yet they are there: whole, or they count as altered. */
  readonly untold: number;
  readonly orphans: number;
  readonly corrupt: number;
  /** Until every message is known again. Milliseconds. */
  readonly recovery: number;
}

/** What a writer was promised, and whether a store that was opened after its death keeps it. */
export class Promises {
  readonly #promised = new Map<string, Promised>();
  readonly rejected: string[] = [];
  words = 0;

  /** One line of a writer. */
  hear(line: string): void {
    this.words++;
    const id = line.slice(1);
    const known = this.#promised.get(id);
    if (line.startsWith('+')) this.#promised.set(id, { updated: false, fate: 'kept' });
    else if (line.startsWith('x')) this.rejected.push(line);
    else if (known && line.startsWith('!')) known.updated = true;
    else if (known && line.startsWith('?')) known.fate = 'going';
    else if (known && line.startsWith('-')) known.fate = 'gone';
  }

  /** As they stand now. */
  copy(): Promises {
    const copy = new Promises();
    for (const [id, promised] of this.#promised) copy.#promised.set(id, { ...promised });
    return copy;
  }

  async check(path: string): Promise<Findings> {
    const start = performance.now();
    const store = await openStore({ path, segmentSize: SEGMENT_SIZE, report: () => {} });
    await store.adopt();
    const recovery = Math.round(performance.now() - start);
    const there = new Map<string, MessageRecord>();
    for await (const record of store.records()) there.set(record.id, record);
    const lost: string[] = [];
    const back: string[] = [];
    for (const [id, { updated, fate }] of this.#promised) {
      const record = there.get(id);
      if (fate === 'kept' && (!record || (updated && record.recipients[0]?.attempts !== 1))) lost.push(id);
      if (fate === 'gone' && record) back.push(id);
    }
    const altered = await alteredIn(store, [...there.keys()]);
    const untold = [...there.keys()].filter((id) => !this.#promised.has(id)).length;
    const orphans = (await bodyFiles(path)) - (await namedFiles(store, [...there.keys()]));
    const { corrupt } = store.status();
    await store.close();
    return { kept: there.size, lost, altered, back, untold, orphans, corrupt, recovery };
  }
}

const alteredIn = async (store: MessageStore, ids: readonly string[]): Promise<string[]> => {
  const altered: string[] = [];
  for (const id of ids) {
    const expected = Buffer.concat([Buffer.from(`Subject: ${id}\r\n\r\n`), bodyOf(id)]);
    const bytes = await store.content(id).then(bytesOf, () => Buffer.alloc(0));
    if (!bytes.equals(expected)) altered.push(id);
  }
  return altered;
};

const namedFiles = async (store: MessageStore, ids: readonly string[]): Promise<number> => {
  let files = 0;
  for (const id of ids) if ((await store.content(id))?.body.kind === 'file') files++;
  return files;
};

const bodyFiles = async (path: string): Promise<number> => {
  let files = 0;
  for (const name of await readdir(path)) files += (await readdir(join(path, name, 'bodies')).catch(() => [])).length;
  return files;
};
