import type { Span } from '../../policy/diagnostic.ts';
import { isArray, isObject, type Json } from '../../policy/json.ts';
import { readBrokenDocument } from '../../policy/read/document.ts';
import { elements, entries } from '../../policy/read/parts.ts';
import type { Located, Path } from '../../policy/syntax.ts';
import { balanced } from './balanced.ts';
import { windowAt } from './window.ts';

/** A value or a key of a document. */
export interface Pointed {
  readonly document: Json;
  readonly path: Path;
  readonly part: 'key' | 'value';
  /** The value, or that of the key. */
  readonly value: Json;
}

interface Point {
  readonly line: number;
  readonly column: number;
}

const pointOf = (text: string, offset: number): Point => {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

const holds = ({ line, column, endLine, endColumn }: Span, point: Point): boolean =>
  (line < point.line || (line === point.line && column <= point.column)) &&
  (point.line < endLine || (point.line === endLine && point.column <= endColumn));

const partsOf = (located: Located): readonly (readonly [string | number, Located])[] =>
  isArray(located.value) ? elements(located).map((part, index) => [index, part] as const) : entries(located);

const inside = (located: Located, point: Point): Omit<Pointed, 'document'> | null => {
  for (const [step, part] of partsOf(located)) {
    if (typeof step === 'string' && holds(part.spanOf([], 'key'), point)) return { path: [step], part: 'key', value: part.value };
    const found = holds(part.at, point) ? inside(part, point) : null;
    if (found !== null) return { ...found, path: [step, ...found.path] };
  }
  return isObject(located.value) || isArray(located.value) ? null : { path: [], part: 'value', value: located.value };
};

/** The key or value at a position, counted from 0, of a text that may be broken; `null` if there is none. */
export const pathAt = (text: string, position: { readonly line: number; readonly character: number }): Pointed | null => {
  const { text: near, cursor } = windowAt(text, position);
  const document = readBrokenDocument('', balanced(near, cursor));
  const found = document === null ? null : inside(document, pointOf(near, cursor));
  return document === null || found === null ? null : { document: document.value, ...found };
};
