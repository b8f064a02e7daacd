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
}
