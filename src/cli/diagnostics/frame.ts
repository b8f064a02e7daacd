import type { Span } from '../../policy/diagnostic.ts';
import { columnsOf } from './columns.ts';

/** A line of a source frame: the number in front, then the text, or the mark under it. */
export interface FrameLine {
  readonly gutter: string;
  readonly text: string;
  readonly mark: boolean;
}

/** Columns shown of a line; a long one is shown around the token. */
const WIDTH = 110;
const BEFORE = 40;

/** A line of a file with a mark under the token of a diagnostic; nothing without the line. */
export const frame = (line: string | undefined, at: Span): readonly FrameLine[] => {
  if (line === undefined) return [];
  const from = line.length <= WIDTH ? 0 : wholeCharacter(line, Math.max(0, at.column - 1 - BEFORE));
  const lead = from > 0 ? '…' : '';
  const end = at.endLine === at.line ? at.endColumn - 1 : line.length;
  const until = Math.min(line.length, from + WIDTH);
  const [before, token, after] = [
    line.slice(from, at.column - 1),
    line.slice(at.column - 1, Math.min(end, until)),
    line.slice(Math.min(end, until), until),
  ];
  const number = String(at.line);
  return [
    { gutter: `${number} | `, text: `${lead}${[before, token, after].map(printable).join('')}`, mark: false },
    {
      gutter: `${' '.repeat(number.length)} | `,
      text: mark(lead.length + columnsOf(printable(before)), columnsOf(printable(token))),
      mark: true,
    },
  ];
};

/** Not between the two halves of a character beyond U+FFFF. */
const wholeCharacter = (line: string, at: number): number => (/[\uDC00-\uDFFF]/.test(line[at] ?? '') ? at + 1 : at);

const mark = (start: number, length: number): string => ' '.repeat(start) + '^'.repeat(Math.max(1, length));

/** Tabs and control characters one column wide, so that the mark stands where it belongs and a terminal obeys nothing. */
const printable = (text: string): string =>
  text
    .replace(/\r$/, '')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
