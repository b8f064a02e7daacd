import type { SiteSnapshot, SnapshotHead } from './snapshot.ts';

/*
 * A snapshot on its way to another process: the head first, then its blobs in pieces, so that neither side has a
 * large message to take apart while it serves mail.
 */

export type SnapshotPiece =
  | { readonly say: 'snapshot'; readonly head: SnapshotHead; readonly lengths: readonly number[] }
  /** The next bytes; no piece reaches into two blobs. */
  | { readonly say: 'bytes'; readonly bytes: Uint8Array };

/** To whoever sends: a piece was taken. */
export interface PieceTaken {
  readonly say: 'piece-taken';
}

/** Bytes. */
const PIECE = 64 * 1024;

/** Pieces on their way at one time. Node reads whatever has arrived in one turn: 2 MB of it would take 45 ms. */
const UNDER_WAY = 2;

export function* piecesOf({ head, blobs }: SiteSnapshot): Generator<SnapshotPiece> {
  yield { say: 'snapshot', head, lengths: blobs.map(({ length }) => length) };
  for (const blob of blobs)
    for (let at = 0; at < blob.length; at += PIECE) yield { say: 'bytes', bytes: blob.subarray(at, Math.min(at + PIECE, blob.length)) };
}

/** Sends snapshots, one after the other, no faster than the other side takes the pieces. */
export class SnapshotSender {
  #underWay = 0;
  #gone = false;
  #proceed: () => void = () => undefined;

  /** Resolves when the last piece was sent, or nobody takes them any more. */
  async send(snapshot: SiteSnapshot, say: (piece: SnapshotPiece) => void): Promise<void> {
    for (const piece of piecesOf(snapshot)) {
      while (this.#underWay >= UNDER_WAY && !this.#gone) await this.#oneTaken();
      if (this.#gone) return;
      this.#underWay += 1;
      say(piece);
    }
  }

  taken(): void {
    this.#underWay -= 1;
    this.#proceed();
  }

  /** The other side has ended. */
  giveUp(): void {
    this.#gone = true;
    this.#proceed();
  }

  #oneTaken(): Promise<void> {
    return new Promise((resolve) => {
      this.#proceed = resolve;
    });
  }
}

/** Puts together what comes. */
export class SnapshotReceiver {
  #head: SnapshotHead | null = null;
  #blobs: readonly Uint8Array[] = [];
  #blob = 0;
  #filled = 0;

  hear(message: SnapshotPiece): void {
    if (message.say === 'bytes') this.#add(message.bytes);
    else {
      this.#head = message.head;
      // Not filled with zeros: 30 MB of them take 30 ms.
      this.#blobs = message.lengths.map((length) => Buffer.allocUnsafeSlow(length));
      this.#blob = 0;
      this.#filled = 0;
    }
  }

  /** What has come since the last one was taken. Throws when it is not all of it. */
  take(): SiteSnapshot {
    const head = this.#head;
    this.#skipFull();
    if (head === null || this.#blob < this.#blobs.length) throw new Error('a snapshot came in part only');
    const snapshot = { head, blobs: this.#blobs };
    this.#head = null;
    this.#blobs = [];
    return snapshot;
  }

  #add(bytes: Uint8Array): void {
    this.#skipFull();
    this.#blobs[this.#blob]?.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  #skipFull(): void {
    for (let blob = this.#blobs[this.#blob]; blob && this.#filled >= blob.length; blob = this.#blobs[this.#blob]) {
      this.#blob += 1;
      this.#filled = 0;
    }
  }
}
