import type { Span } from '../../../policy/diagnostic.ts';

/** The text of a policy file, edited at places that were read from it. */
export class PolicySource {
  readonly text: string;
  readonly #lines: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  range({ line, column, endLine, endColumn }: Span): readonly [start: number, end: number] {
    return [(this.#lines[line - 1] ?? 0) + column - 1, (this.#lines[endLine - 1] ?? 0) + endColumn - 1];
  }

  at(span: Span): string {
    return this.text.slice(...this.range(span));
  }

  lineAt(offset: number): number {
    return this.#lines.filter((start) => start <= offset).length;
  }

  replaced(start: number, end: number, by: string): string {
    return this.text.slice(0, start) + by + this.text.slice(end);
  }

  /** Without an entry of a mapping or a sequence and what parted it from the next; `null` where it stands alone. */
  removed(start: number, end: number): string | null {
    const behind = /^\s*,[ \t]*/.exec(this.text.slice(end));
    if (behind !== null) return this.replaced(start, end + behind[0].length, '');
    const before = /,\s*$/.exec(this.text.slice(0, start));
    if (before !== null) return this.replaced(start - before[0].length, end, '');
    const from = this.text.lastIndexOf('\n', start - 1) + 1;
    const to = this.text.indexOf('\n', end);
    const isWhole = this.text.slice(from, start).trim() === '' && this.text.slice(end, to < 0 ? undefined : to).trim() === '';
    return isWhole && to >= 0 ? this.replaced(from, to + 1, '') : null;
  }
}
