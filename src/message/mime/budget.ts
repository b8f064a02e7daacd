export interface MimeLimits {
  readonly parts: number;
  readonly depth: number;
  /** Bytes of text and HTML, as in the message. */
  readonly text: number;
}

export class MimeLimitError extends Error {
  readonly code = 'EMIMELIMIT';
}

/** How much of its limits a message has used, and what is in doubt about it, including nested messages. */
export class MimeBudget {
  readonly limits: MimeLimits;
  parts = 0;
  textBytes = 0;
  /** Bytes of nested messages, counted each time they are read. */
  bytesWithin = 0;
  /** The limit that ended the parsing. */
  excess: MimeLimitError | null = null;
  /** Why other readers may see different parts; `null` if they see the same. */
  structureDoubt: string | null = null;
  /** Why an attachment may have unknown names. */
  nameDoubt: string | null = null;

  constructor(limits: MimeLimits) {
    this.limits = limits;
  }

  /** Text beyond the limit was dropped, so the text is incomplete. */
  get textIsCut(): boolean {
    return this.textBytes > this.limits.text;
  }
}
