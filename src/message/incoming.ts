import type { Readable } from 'node:stream';
import { type BodyRef, bodyLength, readBody } from './body.ts';
import { type BodyStorage, BodyWriter } from './body-writer.ts';
import { GrowingBytes } from './growing.ts';
import { headerOf, type RawHeader } from './header.ts';
import { type HeaderEnd, HeaderScan } from './header-end.ts';

/*
 * A message on its way in. The header stays in memory, so does a small body; a body past `inMemory`
 * goes to a file, at the pace of the disk. Nothing fails half-way: SMTP lets nobody answer before the
 * final dot, so a full disk or a header past its limit is remembered, what still comes is counted and
 * dropped, and `finish` tells it.
 */

export interface IncomingOptions {
  /** Bytes the header may have; past them `finish` rejects with `HeaderTooLarge`. */
  readonly headerSize: number;
  /** Bytes of body held in memory before the rest goes to the store; 64 KiB if not said. */
  readonly inMemory?: number;
  readonly bodies: BodyStorage;
}

export class HeaderTooLarge extends Error {
  readonly code = 'EHEADERSIZE';
  constructor(limit: number) {
    super(`the header is larger than ${limit} bytes`);
  }
}

/** A message that has arrived completely; a body in a file has reached the disk. */
export class ReceivedMessage {
  readonly header: RawHeader;
  readonly body: BodyRef;
  constructor(header: RawHeader, body: BodyRef) {
    this.header = header;
    this.body = body;
  }

  /** Bytes of the whole message, as it came. */
  get size(): number {
    return this.header.length + bodyLength(this.body);
  }

  /** The bytes as they came, as often as wanted while the store keeps the body. */
  open(): Readable {
    return readBody(Buffer.concat([this.header.fieldBytes, this.header.separator]), this.body);
  }
}

const IN_MEMORY = 128 * 1024;

export class IncomingMessage {
  readonly #options: IncomingOptions;
  readonly #inMemory: number;
  readonly #scan = new HeaderScan();
  #head = new GrowingBytes();
  #header: RawHeader | null = null;
  #body = new GrowingBytes();
  #writer: BodyWriter | null = null;
  #failure: Error | null = null;
  #size = 0;

  constructor(options: IncomingOptions) {
    this.#options = options;
    this.#inMemory = options.inMemory ?? IN_MEMORY;
  }

  /** Bytes so far, dropped ones included. */
  get size(): number {
    return this.#size;
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#head.held + (this.#header?.length ?? 0) + this.#body.held + (this.#writer?.held ?? 0);
  }

  /** Copies the next bytes. A promise means: wait for it (it never rejects) before you bring more. */
  write(chunk: Buffer): Promise<void> | undefined {
    this.#size += chunk.length;
    if (this.#failure) return undefined;
    if (this.#header) return this.#toBody(chunk);
    const isFirst = this.#head.length === 0;
    if (!isFirst) this.#head.append(chunk);
    const bytes = isFirst ? chunk : this.#head.view();
    const end = this.#scan.find(bytes, false);
    if (end) return this.#endHeader(bytes, end);
    if (isFirst) this.#head.append(chunk);
    if (this.#head.length > this.#options.headerSize) this.#refuse();
    return undefined;
  }

  /** Nothing follows. A small message is there at once. Rejects with the system's code if the disk failed, or with `HeaderTooLarge`. */
  finish(): ReceivedMessage | Promise<ReceivedMessage> {
    if (!this.#failure && !this.#header) void this.#endHeader(this.#head.view(), this.#scan.find(this.#head.view(), true));
    if (this.#failure || !this.#header) return Promise.reject(this.#failure ?? new Error('message without end'));
    if (this.#writer) return this.#fromStore(this.#header, this.#writer);
    return new ReceivedMessage(this.#header, { kind: 'inline', bytes: this.#body.view() });
  }

  /**
   * Gives the message up, at whatever moment, also after `finish`; its file is gone afterwards. Never
   * rejects. Not for a message that was queued: its file belongs to the queue.
   */
  async discard(): Promise<void> {
    this.#failure ??= new Error('the message was given up');
    this.#body = new GrowingBytes();
    await this.#writer?.discard();
  }

  async #fromStore(header: RawHeader, writer: BodyWriter): Promise<ReceivedMessage> {
    return new ReceivedMessage(header, await writer.finish());
  }

  /** `bytes` are what came so far; the header is copied out of them, so that it keeps nothing of the body in memory. */
  #endHeader(bytes: Buffer, end: HeaderEnd | null): Promise<void> | undefined {
    const { fields, separator } = end ?? { fields: bytes.length, separator: 0 };
    const length = fields + separator;
    if (length > this.#options.headerSize) return this.#refuse();
    this.#head = new GrowingBytes();
    // One byte of the body, if there is one, tells that it follows.
    this.#header = headerOf(Buffer.from(bytes.subarray(0, length + 1)), { fields, separator });
    return length < bytes.length ? this.#toBody(bytes.subarray(length)) : undefined;
  }

  #toBody(bytes: Buffer): Promise<void> | undefined {
    if (this.#writer) return this.#writer.write(bytes);
    this.#body.append(bytes);
    return this.#body.length > this.#inMemory ? this.#spill() : undefined;
  }

  #spill(): Promise<void> | undefined {
    const writer = new BodyWriter(this.#options.bodies);
    const held = this.#body.view();
    this.#writer = writer;
    this.#body = new GrowingBytes();
    return writer.write(held);
  }

  #refuse(): undefined {
    this.#failure = new HeaderTooLarge(this.#options.headerSize);
    this.#head = new GrowingBytes();
    return undefined;
  }
}
