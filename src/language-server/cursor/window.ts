/*
 * Files may be long, and what stands at the cursor is asked while they are being typed. So only the part of a section around
 * the cursor is looked at: one rule, grant, route, test or list.
 */

/** A stretch of a text with the cursor in it. */
export interface Window {
  readonly text: string;
  /** UTF-16 units from the beginning of `text`. */
  readonly cursor: number;
}

/** Lines and characters of a part that are looked at. */
const MOST_LINES = 1000;
const MOST_CHARACTERS = 16 * 1024;

const isTop = (line: string): boolean => /^[^\s#-]/.test(line);

const dashOf = (line: string): number => /^( *)- /.exec(`${line} `)?.[1]?.length ?? -1;

const indexFrom = (lines: readonly string[], from: number, holds: (line: string) => boolean): number => {
  const found = lines.slice(from).findIndex(holds);
  return found < 0 ? lines.length : from + found;
};

/** Where the part around `line` begins: at the last entry of the section in front of it, or behind the section's own line. */
const beginOf = (lines: readonly string[], section: number, line: number): number => {
  const first = indexFrom(lines, section + 1, (text) => text.trim() !== '' && !/^\s*#/.test(text));
  const indentation = dashOf(lines[first] ?? '');
  const depth = indentation < 0 ? indentOf(lines[first] ?? '') : indentation;
  const begins = (text: string): boolean => (indentation < 0 ? /\S/.test(text) && indentOf(text) === depth : dashOf(text) === depth);
  for (let at = line; at > section; at -= 1) if (begins(lines[at] ?? '')) return at;
  return section + 1;
};

const indentOf = (text: string): number => text.search(/\S|$/);

/** The part of a text at a position, lines and characters counted from 0. */
export const windowAt = (text: string, position: { readonly line: number; readonly character: number }): Window => {
  const all = text.split('\n');
  const first = Math.max(0, position.line - MOST_LINES);
  const lines = all.slice(first, position.line + MOST_LINES);
  const line = Math.min(position.line - first, lines.length - 1);
  let section = line;
  while (section > 0 && !isTop(lines[section] ?? '')) section -= 1;
  const begin = section === line ? line : beginOf(lines, section, line);
  const depth = indentOf(lines[begin] ?? '');
  const end = indexFrom(lines, line + 1, (next) => isTop(next) || (begin > section && dashOf(next) >= 0 && dashOf(next) <= depth));
  const head = begin > section ? [lines[section] ?? ''] : [];
  const before = [...head, ...lines.slice(begin, line)].map((one) => `${one}\n`).join('');
  const current = lines[line] ?? '';
  const after = lines.slice(line, end).join('\n');
  const whole = before + after;
  const cursor = before.length + Math.min(position.character, current.length);
  const start = Math.max(0, cursor - MOST_CHARACTERS / 2);
  return { text: whole.slice(start, cursor + MOST_CHARACTERS / 2), cursor: cursor - start };
};
