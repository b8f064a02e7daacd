import { type AttachmentStream, MailParser, type MessageText } from 'mailparser';
import { type MimeBudget, MimeLimitError } from './budget.ts';
import { type DelimitedPart, DelimiterLines } from './delimiter-lines.ts';
import { EncodedFiles, isEncodedFileType } from './encoded-files.ts';
import { type Part, partOf } from './part.ts';
import { nestedBoundaryDoubt } from './structure.ts';
import { decodeText } from './text-charset.ts';
import { type TransferDecoder, transferDecoder } from './transfer-decoding.ts';

/*
 * MailParser with bounds, and with an eye on what other readers would make of the message. It asks for each piece of
 * the message by `processChunk`, one after the other: there parts and their nesting are counted, and text past its
 * bound is dropped before MailParser would hold it in memory, while attachments, which it hands out as streams, go on.
 * Of its text it keeps the parts as they stand, without turning HTML into text or text into HTML.
 */

interface MimeNode extends DelimitedPart {
  readonly type: 'node';
  readonly parentNode: MimeNode | false;
  readonly encoding: string | false;
  charset: string | false;
  contentType: string | false;
  disposition: string | false;
  getHeaders(): Buffer;
}

type MimeChunk = MimeNode | { readonly type: 'body' | 'data'; readonly node: MimeNode; readonly value?: Buffer };

interface TextNode {
  readonly node: MimeNode;
  readonly contentType: string | false;
  readonly textContent?: string;
  readonly children: readonly TextNode[];
}

/** The text of a part, decoded to Unicode. */
export interface TextPart {
  readonly kind: 'plain' | 'html';
  readonly text: string;
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

const boundaryOf = (node: MimeNode): string | null => (node._boundary ? node._boundary.toString() : null);

const boundariesAround = (node: MimeNode): readonly string[] =>
  node.parentNode ? [...boundariesAround(node.parentNode), ...[boundaryOf(node.parentNode) ?? []].flat()] : [];

const isText = (node: MimeNode): boolean =>
  TEXT_TYPES.includes(node.contentType || 'text/plain') && (node.disposition || 'inline') === 'inline';

/** Where uuencoded files are looked for: in text, in what may be taken for it, and in what says that it is such a file. */
const mayHoldFiles = ({ contentType, encoding }: MimeNode): boolean => {
  const type = contentType || 'text/plain';
  return /^text\/(?!html)/.test(type) || isEncodedFileType(type) || !['base64', 'quoted-printable'].includes(encoding || '');
};

/** In which one character stands for one byte. */
const BYTES = 'binary';

/** In UTF-16 and UTF-32 ASCII has zero bytes around it, which hide nothing once they are gone. */
const WIDE = /^(?:utf-?(?:16|32)|ucs)/i;

const textDecoder = (node: MimeNode): TransferDecoder => {
  const decode = transferDecoder(node.encoding || '');
  return WIDE.test(node.charset || '') ? (bytes) => Buffer.from(decode(bytes).filter((byte) => byte !== 0)) : decode;
};

const textNodes = (node: TextNode): readonly TextNode[] => [...(node.textContent ? [node] : []), ...node.children.flatMap(textNodes)];

/** Messages within come out as attachments, whatever their disposition, and are parsed on their own. */
const OPTIONS = { checksumAlgo: 'sha256', maxChildNodes: Number.POSITIVE_INFINITY, maxHeadSize: 256 * 1024, ignoreEmbedded: true };

/** How an attachment is shown that is text and does not ask to be saved. */
export interface ShownText {
  readonly kind: TextPart['kind'];
  /** Empty where it names none. */
  readonly charset: string;
}

export class BoundedMailParser extends MailParser {
  readonly #budget: MimeBudget;
  /** How deep this message lies in others. */
  readonly #within: number;
  readonly #delimiters = new DelimiterLines();
  readonly #files = new EncodedFiles();
  readonly #parts = new WeakMap<AttachmentStream, Part>();
  readonly #named: Part[] = [];
  /** Text parts that name no charset. */
  readonly #unlabelled = new WeakSet<MimeNode>();
  readonly #shown = new WeakMap<Part, ShownText>();
  #part: Part | null = null;
  #decode: TransferDecoder | null = null;
  #inText = false;

  constructor(budget: MimeBudget, within: number) {
    super(OPTIONS);
    this.#budget = budget;
    this.#within = within;
  }

  /** What the header of an attachment says. */
  partOf(attachment: AttachmentStream): Part | undefined {
    return this.#parts.get(attachment);
  }

  /** Mail programs show it below the text, as they save it: both readings count. `null` if they do not. */
  shownAs(part: Part | undefined): ShownText | null {
    return (part && this.#shown.get(part)) ?? null;
  }

  /** Parts that have a name though they are made of parts. Complete at the end, as is `encodedFiles`. */
  get namedContainers(): readonly Part[] {
    return this.#named;
  }

  /** Names of the files that stand in the text, uuencoded for one. */
  get encodedFiles(): readonly string[] {
    return [...new Set(this.#files.names)];
  }

  override processChunk(chunk: MimeChunk, done: (error?: Error) => void): void {
    if (chunk.type === 'node') {
      const excess = this.#begin(chunk);
      if (excess) done(excess);
      else super.processChunk(chunk, done);
      return;
    }
    const bytes = chunk.value ?? Buffer.alloc(0);
    this.#lookAt(chunk.node, bytes, chunk.type === 'body');
    const isTextBody = chunk.type === 'body' && this.#inText;
    if (isTextBody) this.#budget.textBytes += bytes.length;
    if (isTextBody && this.#budget.textIsCut) setImmediate(done);
    else super.processChunk(chunk, done);
  }

  override push(item: unknown, encoding?: BufferEncoding): boolean {
    if (this.#part && isAttachment(item)) this.#parts.set(item, this.#part);
    return super.push(item, encoding);
  }

  /** The text parts, in order. Complete at the end. */
  get texts(): readonly TextPart[] {
    const nodes = this.tree ? textNodes(this.tree) : [];
    return nodes.map(({ node, contentType, textContent = '' }) => {
      const kind = contentType === 'text/html' ? 'html' : 'plain';
      return { kind, text: this.#unlabelled.has(node) ? decodeText(Buffer.from(textContent, 'latin1'), kind === 'html') : textContent };
    });
  }

  override getTextContent(): MessageText {
    this.#finish();
    return { type: 'text' };
  }

  /** A text part with a file name is an attachment whatever its disposition says: that is how mail programs show it. */
  #begin(node: MimeNode): MimeLimitError | null {
    const { limits } = this.#budget;
    this.#budget.parts++;
    if (this.#budget.parts > limits.parts) return new MimeLimitError(`more than ${limits.parts} MIME parts`);
    if (this.#within + depthOf(node) > limits.depth) return new MimeLimitError(`MIME parts nested deeper than ${limits.depth}`);
    const header = node.getHeaders();
    const part = partOf(header, { boundary: boundaryOf(node), inDoubt: this.#budget.nameDoubt !== null });
    this.#note(part, node);
    if (!part.hasType && node.parentNode && node.parentNode.multipart === 'digest') node.contentType = 'message/rfc822';
    if (part.isNamed && isText(node)) {
      this.#shown.set(part, { kind: node.contentType === 'text/html' ? 'html' : 'plain', charset: node.charset || '' });
      node.disposition = 'attachment';
    }
    if (part.isNamed && node.multipart !== false) this.#named.push(part);
    this.#inText = isText(node);
    if (this.#inText && node.charset === false) {
      this.#unlabelled.add(node);
      node.charset = BYTES;
    }
    this.#part = part;
    this.#decode = mayHoldFiles(node) ? textDecoder(node) : null;
    this.#files.end();
    this.#files.begin(node.contentType || '');
    this.#files.read(header);
    this.#files.end();
    return null;
  }

  #note(part: Part, node: MimeNode): void {
    const boundary = boundaryOf(node);
    this.#budget.structureDoubt ??=
      part.structureDoubt ?? (boundary === null ? null : nestedBoundaryDoubt(boundary, boundariesAround(node)));
    this.#budget.nameDoubt ??= part.nameDoubt;
  }

  #lookAt(node: MimeNode, bytes: Buffer, isBody: boolean): void {
    this.#delimiters.read(node, bytes);
    if (!isBody) this.#files.read(bytes);
    else if (this.#decode) this.#files.read(this.#decode(bytes));
  }

  #finish(): void {
    this.#files.end();
    this.#budget.structureDoubt ??= this.#delimiters.end();
    this.#budget.nameDoubt ??= this.#files.doubt;
  }
}

const isAttachment = (item: unknown): item is AttachmentStream =>
  typeof item === 'object' && item !== null && 'type' in item && item.type === 'attachment';
