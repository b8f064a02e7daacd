/** A body, or the part of a file that is one. */
export interface FileBody {
  readonly kind: 'file';
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** A body that its store hands over piece by piece. */
export interface StreamedBody {
  readonly kind: 'stream';
  readonly length: number;
  /** Reads from the start, as often as wanted. Fails with the store's code. */
  readonly open: () => AsyncIterable<Buffer>;
}

/** Where the bytes below the header are. A small body is held in memory, a large one in a file or whatever the store keeps it in. */
export type BodyRef = { readonly kind: 'inline'; readonly bytes: Buffer } | FileBody | StreamedBody;
