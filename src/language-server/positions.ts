import type { Range } from 'vscode-languageserver/node';
import type { Span } from '../policy/diagnostic.ts';

/** Both count UTF-16 units; ours from 1, theirs from 0. */
export const rangeOf = ({ line, column, endLine, endColumn }: Span): Range => ({
  start: { line: line - 1, character: column - 1 },
  end: { line: endLine - 1, character: endColumn - 1 },
});

/** The two have a place in common; touching is enough. */
export const touches = (one: Range, other: Range): boolean => !isBefore(one.end, other.start) && !isBefore(other.end, one.start);

const isBefore = (a: Range['start'], b: Range['start']): boolean => a.line < b.line || (a.line === b.line && a.character < b.character);
