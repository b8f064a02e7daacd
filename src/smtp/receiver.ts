import type { Eventually } from '../transaction/eventually.ts';
import type { Answer } from './answer.ts';
import type { LineCheck } from './wire/line-check.ts';
import type { LineFeeds } from './wire/loose-message.ts';
import type { ByteFault } from './wire/message-bytes.ts';

/** Where the bytes of a message go. */
export interface Receiver {
  /** Bytes in memory. */
  readonly held: number;
  /** A promise: wait for it before more is brought. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** All has come; `fault` is the first of its bytes that no message may hold. */
  finish(fault: ByteFault | null): Eventually<Answer>;
  /** Whatever has arrived is given up, file and all. */
  discard(): Promise<void>;
}

/** The argument of one BDAT. `length` in bytes. */
export interface Chunk {
  readonly length: number;
  readonly isLast: boolean;
}

/** A message that BDAT brings: a receiver for each of its chunks. */
export interface ChunkReceivers {
  readonly check: LineCheck;
  /** `null`: line feeds alone are a fault. */
  readonly mending: LineFeeds | null;
  /** Bytes in memory. */
  readonly held: number;
  receiver(chunk: Chunk): Receiver;
  /** What has arrived is given up. */
  discard(): Promise<void>;
}
