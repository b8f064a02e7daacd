import { isMap, isScalar, parseDocument } from 'yaml';
import type { Edit, Fix, Span } from '../diagnostic.ts';
import { isObject } from '../json.ts';
import type { Located, Path } from '../syntax.ts';

/**
 * A piece of a document written anew: of the part at a path its value, its key or both, or the mapping that holds nothing else.
 * An entry replaced by nothing is deleted.
 */
export interface Replacement {
  readonly title: string;
  /** Entries of a mapping one a line. */
  readonly text: string;
  readonly part: 'value' | 'key' | 'entry' | 'owner';
  /** What the author meant leaves no doubt. */
  readonly safe: boolean;
}

/** The replacements that can be made at a path without losing anything else: a comment, an anchor, another key of the mapping. */
export const fixesOf = (document: Located, path: Path, replacements: readonly Replacement[]): readonly Fix[] =>
  replacements.flatMap(({ title, part, text, safe }) => {
    const edit = EDITS[part](document, path, text);
    return edit === null ? [] : [{ title, safe, edits: [edit] }];
  });

type MakeEdit = (document: Located, path: Path, text: string) => Edit | null;

const key: MakeEdit = (document, path, text) =>
  isKeyed(path) && !isTaken(document, path, text) ? { at: document.spanOf(path, 'key'), text } : null;

/** A value of several lines is written anew with its key: a flow collection may not begin in the column of the key. */
const value: MakeEdit = (document, path, text) => {
  const at = document.spanOf(path, 'value');
  const source = document.sourceOf(path);
  if (source === '' || holdsMore(source)) return null;
  if (at.line === at.endLine || !isKeyed(path)) return { at, text };
  return entry(document, path, `${String(path.at(-1))}: ${text}`);
};

const entry: MakeEdit = (document, path, text) => {
  const source = document.sourceOf(path, 'entry');
  if (!isKeyed(path) || source === '' || holdsMore(source)) return null;
  if (text === '') {
    const lines = document.linesOf(path);
    return lines === null ? null : { at: lines, text };
  }
  if (keysOf(text).some((name) => isTaken(document, path, name))) return null;
  return { at: entrySpan(document, path), text: text.replaceAll('\n', between(document, path)) };
};

/** What stands between two entries of the mapping that a path leads into. */
const between = (document: Located, path: Path): string => {
  if (document.sourceOf(path.slice(0, -1)).startsWith('{')) return ', ';
  return `\n${' '.repeat(document.spanOf(path, 'key').column - 1)}`;
};

const owner: MakeEdit = (document, path, text) => {
  const above = path.slice(0, -1);
  const mapping = document.below(above).value;
  return isObject(mapping) && Object.keys(mapping).length === 1 ? value(document, above, text) : null;
};

const EDITS: Readonly<Record<Replacement['part'], MakeEdit>> = { key, value, entry, owner };

const isKeyed = (path: Path): boolean => typeof path.at(-1) === 'string';

const isTaken = (document: Located, path: Path, name: string): boolean => {
  const owner = document.below(path.slice(0, -1)).value;
  return name !== path.at(-1) && isObject(owner) && Object.hasOwn(owner, name);
};

const entrySpan = (document: Located, path: Path): Span => {
  const { file, line, column } = document.spanOf(path, 'key');
  const { endLine, endColumn } = document.spanOf(path, 'value');
  return { file, line, column, endLine, endColumn };
};

/** A comment, or an anchor that other parts may name. */
const holdsMore = (source: string): boolean => /(?:^|\s)[#&]/.test(source);

/** The keys of an entry or several, as they are written in a flow mapping. */
const keysOf = (text: string): readonly string[] => {
  const { contents } = parseDocument(`{ ${text.replaceAll('\n', ', ')} }`);
  return isMap(contents) ? contents.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '')) : [];
};
