import type { Edit, Fix } from './diagnostic.ts';

/** Files by the path that diagnostics name. */
export type Texts = ReadonlyMap<string, string>;

export interface Edited {
  /** Files that have changed. */
  readonly texts: Texts;
  readonly made: readonly Fix[];
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Change extends Range {
  readonly file: string;
  readonly text: string;
}

/**
 * Makes the fixes, each whole or not at all. Of two that touch the same characters the first is made: the other may
 * have nothing left to mend. All outside the edits stays as it is, and lines that are put in end like the first one.
 */
export const edited = (texts: Texts, fixes: readonly Fix[]): Edited => {
  const sources = new Map<string, Source>();
  const sourceOf = (file: string): Source | null => {
    const text = texts.get(file);
    const known = sources.get(file) ?? (text === undefined ? null : new Source(text));
    if (known !== null) sources.set(file, known);
    return known;
  };
  const made = fixes.filter((fix) => {
    const changes = fix.edits.map((edit) => changeOf(edit, sourceOf(edit.at.file)));
    if (!changes.every((change) => change !== null) || !areFree(changes, sources)) return false;
    for (const change of changes) sources.get(change.file)?.add(change);
    return changes.length > 0;
  });
  const results = [...sources].map(([file, source]) => [file, source.result()] as const);
  return { texts: new Map(results.filter(([file, text]) => text !== texts.get(file))), made };
};

const areFree = (changes: readonly Change[], sources: ReadonlyMap<string, Source>): boolean =>
  changes.every((change) => sources.get(change.file)?.isFree(change) === true) &&
  changes.every((one, index) => changes.slice(index + 1).every((other) => one.file !== other.file || !overlap(one, other)));

const changeOf = ({ at, text }: Edit, source: Source | null): Change | null => {
  const start = source?.offset(at.line, at.column) ?? null;
  const end = source?.offset(at.endLine, at.endColumn) ?? null;
  return start === null || end === null || end < start ? null : { file: at.file, start, end, text };
};

/** Two insertions at one place have no order. */
const overlap = (one: Range, other: Range): boolean => one.start === other.start || (one.start < other.end && other.start < one.end);

/** A text and the changes to be made in it, in order. */
class Source {
  readonly #text: string;
  readonly #starts: readonly number[];
  readonly #changes: Change[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#starts = [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** `null` outside the text. */
  offset(line: number, column: number): number | null {
    const start = this.#starts[line - 1];
    const end = (this.#starts[line] ?? this.#text.length + 1) - 1;
    const offset = (start ?? 0) + column - 1;
    return start === undefined || column < 1 || offset > end ? null : offset;
  }

  isFree(range: Range): boolean {
    const at = this.#placeOf(range.start);
    return [this.#changes[at - 1], this.#changes[at]].every((near) => near === undefined || !overlap(near, range));
  }

  add(change: Change): void {
    this.#changes.splice(this.#placeOf(change.start), 0, change);
  }

  result(): string {
    const newline = /\r\n/.test(this.#text.slice(0, this.#starts[1] ?? 0)) ? '\r\n' : '\n';
    let at = 0;
    const parts = this.#changes.flatMap(({ start, end, text }) => {
      const kept = this.#text.slice(at, start);
      at = end;
      return [kept, text.replaceAll('\n', newline)];
    });
    return [...parts, this.#text.slice(at)].join('');
  }

  /** How many changes begin before an offset. */
  #placeOf(offset: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
