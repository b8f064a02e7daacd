import { isArray, isObject, type Json } from '../../policy/json.ts';
import { readBrokenDocument } from '../../policy/read/document.ts';
import type { Path } from '../../policy/syntax.ts';
import { balanced } from './balanced.ts';
import { windowAt } from './window.ts';

/** From 0, as editors count; `character` in UTF-16 units. */
interface Position {
  readonly line: number;
  readonly character: number;
}

/** What is being written at the cursor, and where in the document it stands. */
export interface Place {
  /** The document as far as it is around the cursor, with a mark where the cursor is. */
  readonly document: Json;
  /** To the value at the cursor, or to the mapping in which a key is written. */
  readonly path: Path;
  readonly writes: 'key' | 'value' | 'placeholder';
  /** Keys that the mapping has beside the one that is written. */
  readonly beside: readonly string[];
  /** The word at the cursor: characters in front of it and behind it. */
  readonly word: { readonly before: number; readonly behind: number };
  /** A colon follows. */
  readonly colon: boolean;
}

/** No author writes this. */
const MARK = 'cursor-stands-here';

const WORD_BEFORE = /[\w./-]*$/;
const WORD_BEHIND = /^[\w./-]*/;

/** At the beginning of a line stands a key, or an entry of a sequence. */
const BEGINS = /(?:^|\n)[ ]*(?:- +)*$/;

/** The place of the cursor in a text that may be broken; `null` where nothing can be said. */
export const placeAt = (text: string, position: Position): Place | null => {
  const { text: near, cursor } = windowAt(text, position);
  const before = near.slice(0, cursor);
  const behind = near.slice(cursor);
  const word = { before: WORD_BEFORE.exec(before)?.[0].length ?? 0, behind: WORD_BEHIND.exec(behind)?.[0].length ?? 0 };
  const start = before.slice(0, before.length - word.before);
  const rest = behind.slice(word.behind);
  const colon = /^["']?\s*:(?:\s|$)/.test(rest);
  const written = BEGINS.test(start) && !colon && /^[ \t]*(?:\n|$)/.test(rest) ? `${MARK}:` : MARK;
  const document = readBrokenDocument('', balanced(start + written + rest, start.length))?.value ?? null;
  const found = document === null ? null : markIn(document, []);
  if (found === null) return null;
  return { document, ...found, writes: start.endsWith('${') ? 'placeholder' : found.writes, word, colon };
};

type Found = Pick<Place, 'path' | 'writes' | 'beside'>;

const firstOf = <Item>(items: readonly Item[], look: (item: Item) => Found | null): Found | null => {
  for (const item of items) {
    const found = look(item);
    if (found !== null) return found;
  }
  return null;
};

/** `- word` may become a key or an entry: it counts as a key of the entry. */
const markIn = (value: Json, path: Path): Found | null => {
  if (typeof value === 'string') return value.includes(MARK) ? { path, writes: 'value', beside: [] } : null;
  if (isArray(value)) return firstOf([...value.entries()], ([index, part]) => markIn(part, [...path, index]));
  if (!isObject(value)) return null;
  const keys = Object.keys(value);
  if (keys.some((key) => key.includes(MARK))) return { path, writes: 'key', beside: keys.filter((key) => !key.includes(MARK)) };
  return firstOf(Object.entries(value), ([key, part]) => markIn(part, [...path, key]));
};
