import type { Reply } from '../../policy/reply.ts';
import type { StoreStatus } from '../../queue/store.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { Figures } from '../metrics/metrics.ts';
import type { PieceTaken, SnapshotPiece } from '../snapshots/transfer.ts';
import type { LedgerBatch } from './remote-ledger.ts';

/** The queue of a worker that has not begun. */
export const NO_MAIL: StoreStatus = { queued: 0, held: 0, quarantined: 0, corrupt: 0 };

/*
 * What primary and workers say to each other. Both are of one version and nobody else can speak on their
 * channel, so a look at a message's mark is enough. `call` numbers a question and its answer.
 */

export type ToWorker =
  | SnapshotPiece
  /** Begin with the snapshot that has come. `processes`: workers the relay has. */
  | { readonly say: 'start'; readonly processes: number }
  /** Make the snapshot that has come ready beside what runs; then, if everybody could: put it in force. */
  | { readonly say: 'prepare'; readonly call: number }
  | { readonly say: 'take'; readonly call: number }
  | { readonly say: 'queue' | 'figures'; readonly call: number }
  /** To `enter`; `null`: come in. */
  | { readonly say: 'admitted'; readonly call: number; readonly refused: Reply | null; readonly fullness: number }
  /** To `count`, in the order of its requests. */
  | { readonly say: 'counted'; readonly call: number; readonly answers: readonly boolean[] }
  | { readonly say: 'reopen' | 'stop' };

export type FromWorker =
  | PieceTaken
  /** It listens to what it is told. */
  | { readonly say: 'hello' }
  | { readonly say: 'ready'; readonly listeners: readonly BoundListener[] }
  | { readonly say: 'failed'; readonly reason: string }
  /** `problem`: why it cannot. */
  | { readonly say: 'prepared'; readonly call: number; readonly problem: string | null }
  | { readonly say: 'taken'; readonly call: number }
  | { readonly say: 'queue'; readonly call: number; readonly queue: StoreStatus }
  | { readonly say: 'figures'; readonly call: number; readonly figures: Figures }
  | { readonly say: 'enter'; readonly call: number; readonly ip: string }
  | { readonly say: 'leave'; readonly ip: string }
  | ({ readonly say: 'count' } & LedgerBatch);

const isMarked = (message: unknown): boolean => typeof message === 'object' && message !== null && 'say' in message;

export const isToWorker = (message: unknown): message is ToWorker => isMarked(message);
export const isFromWorker = (message: unknown): message is FromWorker => isMarked(message);
