export interface MimeLimits {
  readonly parts: number;
  readonly depth: number;
  /** Bytes of text and HTML, as they stand in the message. */
  readonly text: number;
}

export class MimeLimitError extends Error {
  readonly code = 'EMIMELIMIT';
}

/** What a message has used up of its limits, and what is in doubt about it; messages within it included. */
export class MimeBudget {
  readonly limits: MimeLimits;
  parts = 0;
  textBytes = 0;
  /** Of messages within others, as often as they are read. */
  bytesWithin = 0;
  /** What broke the reading off. */
  excess: MimeLimitError | null = null;
  /** Why readers may see other parts than ours does; `null` if they see the same. */
  structureDoubt: string | null = null;
  /** Why an attachment may have names that are not known. */
  nameDoubt: string | null = null;

  constructor(limits: MimeLimits) {
    this.limits = limits;
  }

  /** Text past the bound was dropped: what is there is not the whole. */
  get textIsCut(): boolean {
    return this.textBytes > this.limits.text;
  }
}
