/** A stretch of a file. Lines and columns count from 1; the end is exclusive. Columns count UTF-16 units, as editors do. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type Severity = 'error' | 'warning' | 'info';

export interface Related {
  readonly at: Span;
  readonly message: string;
}

/** A piece of a file replaced; an empty span inserts, an empty text deletes. */
export interface Edit {
  readonly at: Span;
  readonly text: string;
}

/** A way out that a machine can write. Its edits belong together: all of them, or none. */
export interface Fix {
  /** What it does, in the imperative: `Write "recipient.domain"`. */
  readonly title: string;
  /** Whether what the author meant leaves no doubt, so that it may be written without being looked at. */
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** What is wrong, where, why it matters and what to write instead. */
export interface Diagnostic {
  /** Stable, `RLY` and four digits; registered once in `diagnostic-codes.ts`. */
  readonly code: `RLY${number}`;
  readonly severity: Severity;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  /** Why it matters and what to write instead. */
  readonly help: string;
  readonly at: Span;
  readonly related: readonly Related[];
  /** The likeliest first; none where only a person can know what to write. */
  readonly fixes: readonly Fix[];
}
