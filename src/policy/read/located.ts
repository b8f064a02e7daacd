import type { Span } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import type { Located, Path } from '../syntax.ts';
import { scalarOffset } from './scalar-offset.ts';
import type { SourceText } from './source-text.ts';

/** Offsets into the source, the end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One value of a document with the ranges of itself, its key and its parts. */
export interface Tree {
  readonly value: Json;
  readonly range: Range;
  /** `null` for the root and for elements of sequences. */
  readonly key: Range | null;
  readonly parts: ReadonlyMap<string | number, Tree>;
}

/** A value of a YAML document that knows its place. */
export class LocatedTree implements Located {
  readonly #source: SourceText;
  readonly #tree: Tree;

  constructor(source: SourceText, tree: Tree) {
    this.#source = source;
    this.#tree = tree;
  }

  get value(): Json {
    return this.#tree.value;
  }

  get at(): Span {
    return this.spanOf([], 'value');
  }

  spanOf(path: Path, part: 'key' | 'value'): Span {
    const { range, key } = this.#find(path);
    const empty = range.start === range.end;
    const chosen = key !== null && (part === 'key' || empty) ? key : range;
    return this.#source.span(chosen.start, chosen.end);
  }

  within(path: Path, range: { readonly start: number; readonly end: number }): Span {
    const tree = this.#find(path);
    if (typeof tree.value !== 'string') return this.spanOf(path, 'value');
    const raw = this.#source.text.slice(tree.range.start, tree.range.end);
    const start = scalarOffset(raw, tree.value, range.start);
    const last = range.end > range.start ? scalarOffset(raw, tree.value, range.end - 1) + 1 : start;
    return this.#source.span(tree.range.start + start, tree.range.start + Math.max(start, last));
  }

  sourceOf(path: Path, part: 'value' | 'entry' = 'value'): string {
    const { range, key } = this.#find(path);
    if (part === 'value' || key === null) return this.#source.text.slice(range.start, range.end);
    return range.start < key.end ? '' : this.#source.text.slice(key.start, range.end);
  }

  linesOf(path: Path): Span | null {
    const { range, key } = this.#find(path);
    if (key === null || range.start < key.end) return null;
    return this.#source.linesAround(key.start, range.end);
  }

  below(path: Path): LocatedTree {
    return new LocatedTree(this.#source, this.#find(path));
  }

  #find(path: Path): Tree {
    let tree = this.#tree;
    for (const step of path) {
      const part = tree.parts.get(step) ?? tree.parts.get(String(step));
      if (part === undefined) return tree;
      tree = part;
    }
    return tree;
  }
}
