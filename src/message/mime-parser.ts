import { MailParser, type MessageText } from 'mailparser';
import { contradiction, type MimeHeaders } from './mime-contradiction.ts';

/*
 * MailParser with bounds. It asks for each piece of the message by `processChunk`, one after the other:
 * there parts and their nesting are counted, and text past its bound is dropped before MailParser would
 * hold it in memory, while attachments, which it hands out as streams, go on. Of its text it keeps the
 * parts as they stand, without turning HTML into text or text into HTML.
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

/** What a message has used up of its limits, and what is in doubt of it, messages within it included. */
export class MimeBudget {
  readonly limits: MimeLimits;
  parts = 0;
  textBytes = 0;
  /** Why one program may see parts in it where another sees none; `null` if there is no doubt. */
  unclear: string | null = null;

  constructor(limits: MimeLimits) {
    this.limits = limits;
  }

  /** Text past the bound was dropped: what is there is not the whole. */
  get textIsCut(): boolean {
    return this.textBytes > this.limits.text;
  }
}

interface MimeNode {
  readonly type: 'node';
  readonly parentNode: MimeNode | false;
  readonly headers: MimeHeaders | false;
  /** `mixed` of `multipart/mixed`. */
  readonly multipart: string | false;
  contentType: string | false;
  readonly filename: string | false;
  disposition: string | false;
}

type MimeChunk = MimeNode | { readonly type: 'body' | 'data'; readonly node: MimeNode; readonly value: Buffer };

interface TextNode {
  readonly textContent?: string;
  readonly children: readonly TextNode[];
}

declare module 'mailparser' {
  interface MailParser {
    readonly tree: TextNode | false;
    getTextContent(): MessageText;
    processChunk(chunk: MimeChunk, done: (error?: Error) => void): void;
  }
}

const TEXT_TYPES: readonly string[] = ['text/plain', 'text/html', 'message/delivery-status'];

const depthOf = (node: MimeNode): number => (node.parentNode ? 1 + depthOf(node.parentNode) : 1);

const isText = (node: MimeNode): boolean =>
  TEXT_TYPES.includes(node.contentType || 'text/plain') && (node.disposition || 'inline') === 'inline';

const textsOf = (node: TextNode): readonly string[] => [...(node.textContent ? [node.textContent] : []), ...node.children.flatMap(textsOf)];

/** Messages within come out as attachments, whatever their disposition, and are parsed on their own. */
const OPTIONS = { checksumAlgo: 'sha256', maxChildNodes: Number.POSITIVE_INFINITY, maxHeadSize: 256 * 1024, ignoreEmbedded: true };

export class BoundedMailParser extends MailParser {
  readonly #budget: MimeBudget;
  /** How deep this message lies in others. */
  readonly #within: number;
  readonly #withParts = new Set<MimeNode>();
  /** Multiparts that hold something, and no part. */
  readonly #closed = new Set<MimeNode>();
  #inText = false;

  constructor(budget: MimeBudget, within: number) {
    super(OPTIONS);
    this.#budget = budget;
    this.#within = within;
  }

  override processChunk(chunk: MimeChunk, done: (error?: Error) => void): void {
    const excess = chunk.type === 'node' ? this.#begin(chunk) : null;
    const isTextBody = chunk.type === 'body' && this.#inText;
    if (isTextBody) this.#budget.textBytes += chunk.value.length;
    if (chunk.type === 'data' && chunk.node.multipart) this.#holds(chunk.node, chunk.value);
    if (excess) done(excess);
    else if (isTextBody && this.#budget.textIsCut) setImmediate(done);
    else super.processChunk(chunk, done);
  }

  /** The message has ended. What was said to have parts, and has none, may have them by a boundary that is meant otherwise. */
  ended(): void {
    if (this.#closed.size > 0) this.#budget.unclear ??= 'a multipart without parts';
  }

  override getTextContent(): MessageText {
    const texts = this.tree ? textsOf(this.tree) : [];
    return texts.length > 0 ? { type: 'text', text: texts.join('\n') } : { type: 'text' };
  }

  #begin(node: MimeNode): MimeLimitError | null {
    const { limits } = this.#budget;
    this.#budget.parts++;
    this.#settle(node);
    if (this.#budget.parts > limits.parts) return new MimeLimitError(`more than ${limits.parts} MIME parts`);
    return this.#within + depthOf(node) > limits.depth ? new MimeLimitError(`MIME parts nested deeper than ${limits.depth}`) : null;
  }

  /**
   * A part of a digest is a message unless it says otherwise (RFC 2046 5.1.5). A text part with a file name is an
   * attachment whatever its disposition says: that is how mail programs show it.
   */
  #settle(node: MimeNode): void {
    const { parentNode, headers } = node;
    if (headers) this.#budget.unclear ??= contradiction(headers);
    if (parentNode) {
      this.#withParts.add(parentNode);
      this.#closed.delete(parentNode);
    }
    if (parentNode && parentNode.multipart === 'digest' && headers && headers.get('content-type').length === 0)
      node.contentType = 'message/rfc822';
    if (node.filename && isText(node)) node.disposition = 'attachment';
    this.#inText = isText(node);
  }

  #holds(multipart: MimeNode, bytes: Buffer): void {
    if (this.#withParts.has(multipart) || this.#closed.has(multipart)) return;
    if (bytes.some((byte) => byte > 0x20)) this.#closed.add(multipart);
  }
}
