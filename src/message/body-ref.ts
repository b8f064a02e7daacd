/** A body in a file, or in part of one. */
export interface FileBody {
  readonly kind: 'file';
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** CRC-32 of its bytes, where it was taken while they were written; the file holds nothing else and is on the disk. */
  readonly sum?: number;
}

/** A body that its store delivers in pieces. */
export interface StreamedBody {
  readonly kind: 'stream';
  readonly length: number;
  /** Reads from the start; may be called repeatedly. Fails with the store's code. */
  readonly open: () => AsyncIterable<Buffer>;
}

/** Where the body's bytes are: a small body in memory, a large one in a file or wherever the store keeps it. */
export type BodyRef = { readonly kind: 'inline'; readonly bytes: Buffer } | FileBody | StreamedBody;
