import type { Diagnostic, Span } from '../diagnostic.ts';

/** Of more on one line nobody reads all; comparing all with all would take for ever. */
const MOST_BESIDE = 100;

/**
 * Drops what says no more than another one: the same code at the same place, or around it. Reader, linter and
 * compiler may each find the same fault; the one that points at the smaller token is more helpful. They are
 * compared by the lines they begin on, for a broken list may bring as many as it has entries.
 */
export const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const places = new Map(diagnostics.map((diagnostic, place) => [diagnostic, place]));
  const byLine = new Map<string, Diagnostic[]>();
  for (const diagnostic of places.keys()) {
    const line = lineKey(diagnostic, diagnostic.at.line);
    const beside = byLine.get(line);
    if (beside === undefined) byLine.set(line, [diagnostic]);
    else if (beside.length < MOST_BESIDE) beside.push(diagnostic);
  }
  const placeOf = (diagnostic: Diagnostic): number => places.get(diagnostic) ?? 0;
  return [...places.keys()].filter(
    (one) => !inside(one, byLine).some((other) => other !== one && outdoes(other, one, placeOf(other) < placeOf(one))),
  );
};

const lineKey = ({ code, at }: Diagnostic, line: number): string => `${code} ${at.file}:${line}`;

/** Those of the same code that begin on one of its lines. */
const inside = (one: Diagnostic, byLine: ReadonlyMap<string, readonly Diagnostic[]>): readonly Diagnostic[] =>
  Array.from({ length: one.at.endLine - one.at.line + 1 }, (_, offset) => byLine.get(lineKey(one, one.at.line + offset)) ?? []).flat();

/** Of two equal ones the earlier stays. */
const outdoes = (other: Diagnostic, one: Diagnostic, earlier: boolean): boolean =>
  contains(one.at, other.at) && (earlier || !contains(other.at, one.at));

const contains = (outer: Span, inner: Span): boolean =>
  isBefore([outer.line, outer.column], [inner.line, inner.column]) &&
  isBefore([inner.endLine, inner.endColumn], [outer.endLine, outer.endColumn]);

type Point = readonly [line: number, column: number];

const isBefore = ([lineA, columnA]: Point, [lineB, columnB]: Point): boolean => lineA < lineB || (lineA === lineB && columnA <= columnB);
