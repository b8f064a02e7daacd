import type { Diagnostic, Edit, Fix } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import type { SourceText } from './source-text.ts';

/*
 * Keys in a column that nothing above them uses. The YAML parser reports these in many ways, never as what they are: wrong
 * indentation. Lines are compared as a person would, by where their text starts.
 */

/** How many lines above are considered. */
const BACK = 400;

interface Column {
  /** From 0. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
  /** An entry of a list begins there, not a key. */
  readonly dash: boolean;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isContent = (line: string): boolean => /^\s*[^\s#]/.test(line);

/** Columns where a line starts something: `  - - id: a` has three. */
const columnsOf = (line: string): readonly number[] => {
  const found = [indentOf(line)];
  for (let rest = line; ; ) {
    const at = found.at(-1) ?? 0;
    const blanks = /^-( +)(?=\S)/.exec(rest.slice(at))?.[1];
    if (blanks === undefined) return found;
    found.push(at + 1 + blanks.length);
  }
};

/** The next line may be indented further. */
const opens = (line: string): boolean => /(?:[:\-[{,?|>]|[|>][-+\d]{1,2})\s*(?:#.*)?$/.test(line);

/** Blocks that are open above a line, the deepest first. */
const openAbove = (lines: readonly string[], line: number): readonly Column[] => {
  const found: Column[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (let above = line - 1; above >= Math.max(1, line - BACK) && limit > 0; above -= 1) {
    const text = lines[above - 1] ?? '';
    if (!isContent(text)) continue;
    for (const at of columnsOf(text).toReversed()) if (at < limit) found.push({ at, line: above, dash: text[at] === '-' });
    limit = Math.min(limit, indentOf(text));
  }
  return found;
};

/** Reports a key or a dash in a column that no open block uses; `null` if its column is right. */
export const misplacedKey = (source: SourceText, lines: readonly string[], line: number): Diagnostic | null => {
  const text = lines[line - 1] ?? '';
  const own = indentOf(text);
  if (own === 0 || !/^ *(?:- |["']?[A-Za-z_][\w.-]*["']?:(?:\s|$))/.test(text)) return null;
  const above = lines.slice(Math.max(0, line - 1 - BACK), line - 1).findLast(isContent);
  const dash = text[own] === '-';
  const open = openAbove(lines, line).filter((column) => column.dash === dash);
  const [first, ...others] = open;
  if (above === undefined || first === undefined || opens(above) || open.some(({ at }) => at === own)) return null;
  const best = others.reduce((near, one) => (Math.abs(one.at - own) < Math.abs(near.at - own) ? one : near), first);
  const name = dash ? '-' : (/[\w.-]+/.exec(text)?.[0] ?? '');
  const by = Math.abs(best.at - own);
  const offset = source.startOf(line);
  const other = source.startOf(best.line) + best.at;
  return diagnose('RLY1010', source.span(offset + own, offset + own + name.length), {
    message: `${dash ? 'The dash' : name} starts in column ${own + 1} of line ${line}, but nothing above it does`,
    help: `Move it ${by} ${by === 1 ? 'column' : 'columns'} to the ${best.at > own ? 'right' : 'left'}, to column ${best.at + 1}, where line ${best.line} starts.`,
    related: [{ at: source.span(other, other + 1), message: 'this column' }],
    fixes: moved(source, { lines, line }, best.at - own),
  });
};

interface Place {
  readonly lines: readonly string[];
  readonly line: number;
}

/** The line and all below that belongs to it, so many columns to the right. Where the block belongs is only likely. */
const moved = (source: SourceText, { lines, line }: Place, by: number): readonly Fix[] => {
  const own = indentOf(lines[line - 1] ?? '');
  const ends = (text: string): boolean => isContent(text) && (indentOf(text) < own || (by > 0 && indentOf(text) === own + by));
  const end = lines.findIndex((text, at) => at >= line && ends(text));
  const block = lines.slice(line - 1, end < 0 ? lines.length : end);
  if (block.length > BACK) return [];
  const edits = block.flatMap((text, at): readonly Edit[] => {
    const start = source.startOf(line + at);
    if (text.trim() === '') return [];
    return [by > 0 ? { at: source.span(start, start), text: ' '.repeat(by) } : { at: source.span(start, start - by), text: '' }];
  });
  return [{ title: `Move it to column ${own + by + 1}`, safe: false, edits }];
};
