import type { Span } from '../../policy/diagnostic.ts';

/** A line of a source frame: the number in front, then the text, or the mark under it. */
export interface FrameLine {
  readonly gutter: string;
  readonly text: string;
  readonly mark: boolean;
}

/** Columns shown of a line; a long one is shown around the token. */
const WIDTH = 110;
const BEFORE = 40;

/** The line of a diagnostic with a mark under the token; nothing if the file cannot be read. */
export const frame = (source: string | undefined, at: Span): readonly FrameLine[] => {
  const line = source?.split('\n', at.line)[at.line - 1];
  if (line === undefined) return [];
  const from = line.length <= WIDTH ? 0 : Math.max(0, at.column - 1 - BEFORE);
  const shown = printable(line.slice(from, from + WIDTH));
  const lead = from > 0 ? '…' : '';
  const start = at.column - 1 - from;
  const end = at.endLine === at.line ? at.endColumn - 1 - from : shown.length;
  const number = String(at.line);
  return [
    { gutter: `${number} | `, text: `${lead}${shown}`, mark: false },
    { gutter: `${' '.repeat(number.length)} | `, text: mark(lead.length + start, Math.min(end, shown.length) - start), mark: true },
  ];
};

const mark = (start: number, length: number): string => ' '.repeat(start) + '^'.repeat(Math.max(1, length));

/** Tabs and control characters one column wide, so that the mark stands where it belongs and a terminal obeys nothing. */
const printable = (text: string): string =>
  text
    .replace(/\r$/, '')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
