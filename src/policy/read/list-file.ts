import type { Span } from '../diagnostic.ts';
import type { ListEntry } from '../syntax.ts';

/** A comment begins with `#` at the start of a line or after white space: `a#b@example.com` is an address. */
const COMMENT = /(?:^|\s)#[^\n]*$/;

/** A BOM, and white space of any kind, a carriage return included. */
const LEADING = /^[\s\uFEFF]*/;

/** One of perhaps a million: its place is written down in full when somebody asks. */
class FileEntry implements ListEntry {
  readonly text: string;
  readonly #file: string;
  readonly #line: number;
  readonly #column: number;

  constructor(text: string, file: string, line: number, column: number) {
    this.text = text;
    this.#file = file;
    this.#line = line;
    this.#column = column;
  }

  get at(): Span {
    return { file: this.#file, line: this.#line, column: this.#column, endLine: this.#line, endColumn: this.#column + this.text.length };
  }
}

/** Neither white space nor a control character, in ASCII. */
const isPlain = (code: number): boolean => code > 0x20 && code < 0x7f;

/** The line has nothing around its entry. */
const isBare = (line: string): boolean => isPlain(line.charCodeAt(0)) && isPlain(line.charCodeAt(line.length - 1)) && !line.includes('#');

/**
 * The entries of a list file, one a line, in order. `path` is what messages show. Linear: a million lines
 * take a fraction of a second.
 */
export const readListFile = (path: string, text: string): readonly ListEntry[] => {
  const found: ListEntry[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (isBare(line)) {
      found.push(new FileEntry(line, path, number, 1));
      continue;
    }
    const content = line.includes('#') ? line.replace(COMMENT, '') : line;
    const entry = content.replace(LEADING, '').trimEnd();
    if (entry !== '') found.push(new FileEntry(entry, path, number, content.indexOf(entry) + 1));
  }
  return found;
};
