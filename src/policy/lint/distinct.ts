import type { Diagnostic, Span } from '../diagnostic.ts';

/**
 * Drops what says no more than another one: the same code at the same place, or around it. Reader, linter and
 * compiler may each find the same fault; whoever points at the smaller token is the more helpful.
 */
export const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter((one, index) => !diagnostics.some((other, place) => place !== index && outdoes(other, one, place < index)));

/** Of two equal ones the earlier stays. */
const outdoes = (other: Diagnostic, one: Diagnostic, earlier: boolean): boolean =>
  other.code === one.code && contains(one.at, other.at) && (earlier || !contains(other.at, one.at));

const contains = (outer: Span, inner: Span): boolean =>
  outer.file === inner.file &&
  isBefore([outer.line, outer.column], [inner.line, inner.column]) &&
  isBefore([inner.endLine, inner.endColumn], [outer.endLine, outer.endColumn]);

type Point = readonly [line: number, column: number];

const isBefore = ([lineA, columnA]: Point, [lineB, columnB]: Point): boolean => lineA < lineB || (lineA === lineB && columnA <= columnB);
