import type { Span } from '../diagnostic.ts';
import { isArray, isObject, type Json } from '../json.ts';
import type { Located, Path } from '../syntax.ts';

/** A `${fact}` in a text. */
export interface Placeholder {
  readonly fact: string;
  readonly at: Span;
  /** The closing brace is there. */
  readonly closed: boolean;
}

const OPENING = /\$\{([^}]*)(\}?)/g;

/** Every `${fact}` in the texts of an argument, however deep. */
export const placeholders = (argument: Located): readonly Placeholder[] =>
  textsBelow(argument.value, []).flatMap((text) => inText(argument, text));

interface Text {
  readonly path: Path;
  readonly text: string;
}

const textsBelow = (value: Json, path: Path): readonly Text[] => {
  if (typeof value === 'string') return value.includes('${') ? [{ path, text: value }] : [];
  if (isArray(value)) return value.flatMap((part, index) => textsBelow(part, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([key, part]) => textsBelow(part, [...path, key])) : [];
};

const inText = (argument: Located, { path, text }: Text): readonly Placeholder[] =>
  [...text.matchAll(OPENING)].map((match) => {
    const fact = (match[1] ?? '').trim();
    const closed = match[2] === '}';
    const start = match.index + (closed ? 2 + (match[1] ?? '').indexOf(fact) : 0);
    const end = closed ? start + fact.length : match.index + 2;
    return { fact, closed, at: argument.within(path, { start, end }) };
  });
