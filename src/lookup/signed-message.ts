import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BodyHash, BodyHasher, type BodyHashing, hashingKey } from '../message/dkim/body-hash.ts';
import { GrowingBytes } from '../message/growing.ts';
import { type RawHeader, splitMessage } from '../message/header.ts';
import { HeaderScan } from '../message/header-end.ts';
import { LookupFailure } from './failure.ts';

/** Milliseconds before others have their turn, however small the chunks. */
const LONGEST_TURN = 5;
/** Bytes looked at together: of a chunk with a header little is copied. */
const SLICE = 64 * 1024;

/** The message of the running transaction from its first byte, a fresh stream at each call; `null` before it has come. */
export type OpenMessage = () => Readable | null;

/** What signatures cover of a message: its header, and hashes of its body. */
export interface SignedMessage {
  readonly header: RawHeader;
  /** Of a way that was asked for when the message was read. */
  readonly bodyHash: (hashing: BodyHashing) => BodyHash;
}

/** How the signatures of a header hash the body. */
export type Hashings = (header: RawHeader) => readonly BodyHashing[];

/** Reads the message once, and holds its header alone. Rejects when there is none, when it cannot be read, or on abort. */
export const readSigned = async (open: OpenMessage, hashings: Hashings, signal: AbortSignal): Promise<SignedMessage> => {
  const message = open();
  if (message === null) throw new LookupFailure('no message', 'DKIM');
  const stop = (): void => void message.destroy(new LookupFailure('given up', 'DKIM'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await readThrough(message, new Reader(hashings), signal);
  } finally {
    signal.removeEventListener('abort', stop);
    message.destroy();
  }
};

const readThrough = async (message: AsyncIterable<Buffer>, reader: Reader, signal: AbortSignal): Promise<SignedMessage> => {
  let turn = performance.now();
  for await (const chunk of message) {
    if (signal.aborted) throw new LookupFailure('given up', 'DKIM');
    for (let at = 0; at < chunk.length; at += SLICE) await reader.write(chunk.subarray(at, at + SLICE));
    if (performance.now() - turn < LONGEST_TURN) continue;
    await nextTurn();
    turn = performance.now();
  }
  return reader.finish();
};

/** Header first, then the hashes of the body. */
class Reader {
  readonly #hashings: Hashings;
  readonly #scan = new HeaderScan();
  readonly #head = new GrowingBytes();
  #below: { readonly header: RawHeader; readonly hasher: BodyHasher } | null = null;

  constructor(hashings: Hashings) {
    this.#hashings = hashings;
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#below) return this.#below.hasher.write(chunk);
    this.#head.append(chunk);
    if (this.#scan.find(this.#head.view(), false)) await this.#endHeader();
  }

  async finish(): Promise<SignedMessage> {
    const { header, hasher } = this.#below ?? (await this.#endHeader());
    const hashes = await hasher.finish();
    return { header, bodyHash: (hashing) => hashIn(hashes, hashing) };
  }

  async #endHeader() {
    const { header, body } = splitMessage(this.#head.view());
    const below = { header, hasher: new BodyHasher(this.#hashings(header)) };
    this.#below = below;
    await below.hasher.write(body);
    return below;
  }
}

const hashIn = (hashes: ReadonlyMap<string, BodyHash>, hashing: BodyHashing): BodyHash => {
  const hash = hashes.get(hashingKey(hashing));
  if (hash === undefined) throw new LookupFailure('internal fault', 'a body hash that nobody asked for');
  return hash;
};
