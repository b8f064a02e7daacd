import type { Span } from '../diagnostic.ts';

const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
};

/** A file's text, and the way from offsets (UTF-16 units, from 0) to lines and columns (from 1). */
export class SourceText {
  readonly path: string;
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#starts = lineStarts(text);
  }

  /** The stretch from `start` to `end` (exclusive); offsets outside the text are drawn to its ends. */
  span(start: number, end: number): Span {
    const from = this.#point(start);
    const to = this.#point(Math.max(start, end));
    return { file: this.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  /** Like `span`, but cut at the end of its first line: a mark under a whole block points at nothing. */
  head(start: number, end: number): Span {
    const newline = this.text.indexOf('\n', start);
    const lineEnd = newline < 0 ? this.text.length : newline;
    const stop = this.text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
    return this.span(start, Math.min(end, Math.max(start, stop)));
  }

  /** The lines from `start` to `end` with their line ends; `null` if anything stands on them before or after. */
  linesAround(start: number, end: number): Span | null {
    const { text } = this;
    const first = text.lastIndexOf('\n', start - 1) + 1;
    const newline = text.indexOf('\n', end);
    const last = newline < 0 ? text.length : newline + 1;
    const isAlone = start <= end && text.slice(first, start).trim() === '' && text.slice(end, last).trim() === '';
    return isAlone ? this.span(first, last) : null;
  }

  /** Where a line, counted from 1, begins. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.text.length;
  }

  #point(offset: number): { line: number; column: number } {
    const within = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= within) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: within - (this.#starts[low] ?? 0) + 1 };
  }
}
