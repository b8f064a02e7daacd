import { MailParser } from 'mailparser';

/*
 * MailParser with bounds. It asks for each piece of the message by `processChunk`, one after the other:
 * there parts and their nesting are counted, and text past its bound is dropped before MailParser would
 * hold it in memory, while attachments, which it hands out as streams, go on.
 */

export interface MimeLimits {
  readonly parts: number;
  readonly depth: number;
  /** Bytes of text and HTML, as they stand in the message. */
  readonly text: number;
}

export class MimeLimitError extends Error {
  readonly code = 'EMIMELIMIT';
}

interface MimeNode {
  readonly type: 'node';
  readonly parentNode: MimeNode | false;
  readonly contentType: string | false;
  readonly filename: string | false;
  disposition: string | false;
}

type MimeChunk = MimeNode | { readonly type: 'body' | 'data'; readonly value: Buffer };

declare module 'mailparser' {
  interface MailParser {
    processChunk(chunk: MimeChunk, done: (error?: Error) => void): void;
  }
}

const TEXT_TYPES: readonly string[] = ['text/plain', 'text/html', 'message/delivery-status'];

const depthOf = (node: MimeNode): number => (node.parentNode ? 1 + depthOf(node.parentNode) : 1);

const isText = (node: MimeNode): boolean =>
  TEXT_TYPES.includes(node.contentType || 'text/plain') && (node.disposition || 'inline') === 'inline';

export class BoundedMailParser extends MailParser {
  readonly #limits: MimeLimits;
  #parts = 0;
  #inText = false;
  #textBytes = 0;

  constructor(limits: MimeLimits) {
    const options = {
      skipHtmlToText: true,
      skipImageLinks: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      checksumAlgo: 'sha256',
      maxChildNodes: Number.POSITIVE_INFINITY,
    };
    super(options);
    this.#limits = limits;
  }

  /** Text past the bound was dropped: what is there is not the whole. */
  get textIsCut(): boolean {
    return this.#textBytes > this.#limits.text;
  }

  override processChunk(chunk: MimeChunk, done: (error?: Error) => void): void {
    const excess = chunk.type === 'node' ? this.#begin(chunk) : null;
    if (chunk.type === 'body' && this.#inText) this.#textBytes += chunk.value.length;
    if (excess) done(excess);
    else if (chunk.type === 'body' && this.#inText && this.textIsCut) setImmediate(done);
    else super.processChunk(chunk, done);
  }

  /** A text part with a file name is an attachment whatever its disposition says: that is how mail programs show it. */
  #begin(node: MimeNode): MimeLimitError | null {
    this.#parts++;
    if (node.filename && isText(node)) node.disposition = 'attachment';
    this.#inText = isText(node);
    if (this.#parts > this.#limits.parts) return new MimeLimitError(`more than ${this.#limits.parts} MIME parts`);
    return depthOf(node) > this.#limits.depth ? new MimeLimitError(`MIME parts nested deeper than ${this.#limits.depth}`) : null;
  }
}
