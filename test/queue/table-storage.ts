import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { bodyPieces } from '../../src/message/body.ts';
import type { BodySink } from '../../src/message/body-writer.ts';
import {
  type ActionOptions,
  type AnsweringOptions,
  carryOut,
  type OperatorRequest,
  type QueueStorage,
  type RequestResult,
} from '../../src/queue/administration.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import type { MessageContent, MessageRecord } from '../../src/queue/message.ts';
import type { MessageStore, NewMessage, StoreStatus } from '../../src/queue/store.ts';

/*
 * A second kind of store, shaped like one on a database server: every question takes its time, a row says which
 * session owns it, large bodies are rows of pieces, requests of operators are rows that the owner looks for.
 * It shows that nothing outside the journal's folder depends on files.
 */

interface Row {
  owner: string;
  record: MessageRecord;
  readonly header: Buffer;
  /** Pieces of the body; `large` if they are handed over one by one. */
  readonly pieces: readonly Buffer[];
  readonly large: boolean;
}

interface RequestRow extends OperatorRequest {
  result: RequestResult | null;
}

/** What the server keeps. A session that is not connected has crashed or said goodbye. */
export class Database {
  readonly messages = new Map<string, Row>();
  readonly arriving = new Set<string>();
  readonly requests: RequestRow[] = [];
  readonly sessions = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  /** One transaction; they run one after the other in the order of the calls, each some turns later. */
  transaction<T>(work: () => T): Promise<T> {
    const done = this.#last.then(() => roundTrip()).then(work);
    this.#last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

const roundTrip = async (): Promise<void> => {
  for (let turns = Math.floor(Math.random() * 3) + 1; turns > 0; turns--) await new Promise(setImmediate);
};

const PIECE = 64 * 1024;
const INLINE = 100_000;

/** A copy in pieces: a row is none of the caller's buffers. */
const rowPieces = async (content: MessageContent): Promise<Buffer[]> => {
  const pieces: Buffer[] = [];
  for await (const bytes of bodyPieces(content.body))
    for (let at = 0; at < bytes.length; at += PIECE) pieces.push(Buffer.from(bytes.subarray(at, at + PIECE)));
  return pieces;
};

const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

class TableStore implements MessageStore {
  readonly #database: Database;
  readonly #session: string;
  readonly #mine = new Map<string, MessageRecord['state']>();

  constructor(database: Database, session: string) {
    this.#database = database;
    this.#session = session;
  }

  async add(record: MessageRecord, content: MessageContent): Promise<void> {
    const row = await this.#row({ record, content });
    await this.#database.transaction(() => {
      if (this.#database.messages.has(record.id)) throw new Error(`message ${record.id} is there already`);
      this.#insert(row);
    });
  }

  update(record: MessageRecord, also: readonly NewMessage[] = []): Promise<void> {
    return this.#change(also, () => {
      const row = this.#own(record.id);
      row.record = structuredClone(record);
      this.#mine.set(record.id, record.state);
    });
  }

  remove(id: string, also: readonly NewMessage[] = []): Promise<void> {
    return this.#change(also, () => {
      this.#own(id);
      this.#database.messages.delete(id);
      this.#mine.delete(id);
    });
  }

  async #change(also: readonly NewMessage[], change: () => void): Promise<void> {
    const rows = also.length > 0 ? await Promise.all(also.map((message) => this.#row(message))) : [];
    await this.#database.transaction(() => {
      change();
      for (const row of rows) this.#insert(row);
    });
  }

  async #row({ record, content }: NewMessage): Promise<Row> {
    const pieces = await rowPieces(content);
    const { header } = content;
    return { owner: this.#session, record: structuredClone(record), header: Buffer.from(header), pieces, large: lengthOf(pieces) > INLINE };
  }

  #insert(row: Row): void {
    this.#database.messages.set(row.record.id, row);
    this.#mine.set(row.record.id, row.record.state);
  }

  #own(id: string): Row {
    const row = this.#database.messages.get(id);
    if (row?.owner !== this.#session) throw new Error(`there is no message ${id}`);
    return row;
  }

  get(id: string): Promise<MessageRecord | null> {
    return this.#database.transaction(() => {
      const row = this.#database.messages.get(id);
      return row?.owner === this.#session ? structuredClone(row.record) : null;
    });
  }

  content(id: string): Promise<MessageContent | null> {
    return this.#database.transaction(() => {
      const row = this.#database.messages.get(id);
      if (row?.owner !== this.#session) return null;
      const { header, pieces, large } = row;
      if (!large) return { header, body: { kind: 'inline', bytes: Buffer.concat(pieces) } };
      return { header, body: { kind: 'stream', length: lengthOf(pieces), open: () => readRows(pieces) } };
    });
  }

  async *records(): AsyncGenerator<MessageRecord> {
    for (const id of [...this.#mine.keys()].sort()) {
      const record = await this.get(id);
      if (record) yield record;
    }
  }

  async newBody(): Promise<BodySink> {
    const { arriving } = this.#database;
    const key = randomBytes(8).toString('hex');
    await this.#database.transaction(() => arriving.add(key));
    const pieces: Buffer[] = [];
    return {
      append: (bytes) => this.#database.transaction(() => void pieces.push(Buffer.from(bytes))),
      finish: async () => {
        await this.#database.transaction(() => arriving.delete(key));
        return { kind: 'stream', length: lengthOf(pieces), open: () => readRows(pieces) };
      },
      discard: async () => {
        pieces.length = 0;
        await this.#database.transaction(() => arriving.delete(key));
      },
    };
  }

  adopt(): Promise<readonly string[]> {
    return this.#database.transaction(() => {
      const { messages, sessions } = this.#database;
      const found = [...messages].filter(([, { owner }]) => !sessions.has(owner));
      for (const [id, row] of found) {
        row.owner = this.#session;
        this.#mine.set(id, row.record.state);
      }
      return found.map(([id]) => id).sort();
    });
  }

  status(): StoreStatus {
    const count = { queued: 0, held: 0, quarantined: 0, corrupt: 0 };
    for (const state of this.#mine.values()) count[state]++;
    return count;
  }

  async close(): Promise<void> {
    await this.#database.transaction(() => this.#database.sessions.delete(this.#session));
  }
}

async function* readRows(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await roundTrip();
    yield piece;
  }
}

export interface TableStorage extends QueueStorage {
  /** The server drops the session of this store. */
  readonly cut: (store: MessageStore) => void;
}

export const tableStorage = (database: Database): TableStorage => {
  const sessions = new WeakMap<MessageStore, string>();
  const open = async (): Promise<MessageStore> => {
    const session = randomBytes(8).toString('hex');
    await database.transaction(() => database.sessions.add(session));
    const store = new TableStore(database, session);
    sessions.set(store, session);
    return store;
  };
  const rows = (): readonly Row[] => [...database.messages.values()].sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
  return {
    open,
    cut: (store) => void database.sessions.delete(sessions.get(store) ?? ''),
    list: () => database.transaction(() => rows().map(({ record }) => structuredClone(record))),
    show: (id) =>
      database.transaction(() => {
        const row = database.messages.get(id);
        return row ? { record: structuredClone(row.record), header: row.header, running: database.sessions.has(row.owner) } : null;
      }),
    corrupt: () => Promise.resolve([]),
    act: async (ids, options) => {
      const results: RequestResult[] = [];
      for (const id of ids) results.push(await actOn(id, { database, open, options }));
      return results;
    },
    answerRequests: (options) => answerRows(database, options),
  };
};

interface Acting {
  readonly database: Database;
  readonly open: () => Promise<MessageStore>;
  readonly options: ActionOptions;
}

/** Through the session that owns the row; without one, this process owns it for a moment. */
const actOn = async (id: string, { database, open, options: { action, onAnswered } }: Acting): Promise<RequestResult> => {
  const row = database.messages.get(id);
  if (!row) return 'missing';
  if (database.sessions.has(row.owner)) {
    const request: RequestRow = { id, action, actor: null, result: null };
    await database.transaction(() => database.requests.push(request));
    for (let waited = 0; waited < 2_000 && request.result === null; waited += 2) await pause(2);
    return request.result ?? 'unanswered';
  }
  const store = await open();
  await store.adopt();
  const queue = openQueue({ store, now: Date.now, onError: () => undefined });
  const answered = { ...(await carryOut(queue, { id, action, actor: null }, () => undefined)), uid: null };
  onAnswered(answered);
  await queue.close();
  await store.close();
  return answered.result;
};

const answerRows = (database: Database, { queue, onError, onAnswered }: AnsweringOptions): { readonly stop: () => Promise<void> } => {
  let answering = Promise.resolve();
  const answerAll = async (): Promise<void> => {
    for (const request of database.requests.splice(0)) {
      const answered = await carryOut(queue, request, onError);
      onAnswered?.({ ...answered, uid: null });
      request.result = answered.result;
    }
  };
  const timer = setInterval(() => {
    answering = answering.then(answerAll);
  }, 2);
  return {
    stop: async () => {
      clearInterval(timer);
      await answering;
    },
  };
};
