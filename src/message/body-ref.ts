/** A body, or the part of a file that is one. */
export interface FileBody {
  readonly kind: 'file';
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** Where the bytes below the header are. A small body is held in memory, a large one in a file. */
export type BodyRef = { readonly kind: 'inline'; readonly bytes: Buffer } | FileBody;
