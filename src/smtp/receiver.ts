import type { Eventually } from '../transaction/eventually.ts';
import type { Answer } from './answer.ts';
import type { LineCheck } from './wire/line-check.ts';
import type { LineFeeds } from './wire/loose-message.ts';
import type { ByteFault } from './wire/message-bytes.ts';

/** Where the bytes of a message go. */
export interface Receiver {
  /** Bytes in memory. */
  readonly held: number;
  /** If it returns a promise, wait for it before writing more. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** The message is complete; `fault` is the first forbidden byte in it. */
  finish(fault: ByteFault | null): Eventually<Answer>;
  /** Discards what has arrived, including its file. */
  discard(): Promise<void>;
}

/** The argument of one BDAT. `length` in bytes. */
export interface Chunk {
  readonly length: number;
  readonly isLast: boolean;
}

/** A message received by BDAT: one receiver per chunk. */
export interface ChunkReceivers {
  readonly check: LineCheck;
  /** `null`: bare line feeds are a fault. */
  readonly mending: LineFeeds | null;
  /** Bytes in memory. */
  readonly held: number;
  receiver(chunk: Chunk): Receiver;
  /** Discards what has arrived. */
  discard(): Promise<void>;
}
