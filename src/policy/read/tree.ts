import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { type Code, diagnose, type Finding } from '../diagnostic-codes.ts';
import type { Json } from '../json.ts';
import type { Range, Tree } from './located.ts';
import type { SourceText } from './source-text.ts';

/** Values that aliases may add to a document. */
const MAX_ALIASED = 10_000;

const NOTHING: ReadonlyMap<string | number, Tree> = new Map();

interface Keyed {
  readonly name: string;
  readonly range: Range;
}

/**
 * Turns a composed document into plain values with places, in document order. Anchors are entered when
 * their node is complete: an alias inside its own anchor finds none. Each alias shares the anchor's tree, and
 * the number of values reached through aliases is bounded, since doubling thirty times makes a billion.
 */
export class TreeBuilder {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceText;
  readonly #anchors = new Map<string, { tree: Tree; size: number }>();
  #size = 0;
  #aliased = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  build(document: Document.Parsed): Tree {
    return this.#node(document.contents, { start: 0, end: 0 });
  }

  #node(node: Node | null, fallback: Range): Tree {
    if (node === null) return leaf(null, fallback);
    if (isAlias(node)) return this.#alias(node.source, rangeOf(node, fallback));
    const before = this.#size;
    this.#size += 1;
    const tree = this.#content(node, this.#trimmed(rangeOf(node, fallback)));
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, { tree, size: this.#size - before });
    return tree;
  }

  #content(node: Node, range: Range): Tree {
    if (isMap(node)) return this.#map(node, range);
    if (isSeq(node)) return this.#sequence(node, range);
    if (isScalar(node)) return leaf(this.#scalar(node.value, range), range);
    return leaf(null, range);
  }

  #scalar(value: unknown, range: Range): Json {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#report('RLY1106', range, notFinite);
    return null;
  }

  #sequence(node: YAMLSeq, range: Range): Tree {
    const parts = node.items.map((item): Tree => this.#node(isNode(item) ? item : null, range));
    return { value: parts.map((part) => part.value), range, key: null, parts: new Map(parts.entries()) };
  }

  #map(node: YAMLMap, range: Range): Tree {
    const parts = new Map<string, Tree>();
    for (const pair of node.items) {
      const key = this.#key(pair, range);
      if (key === null) continue;
      const earlier = parts.get(key.name);
      const value = this.#node(isNode(pair.value) ? pair.value : null, { start: key.range.end, end: key.range.end });
      if (earlier?.key) this.#duplicate(key, earlier.key, isSame(earlier, value) ? value.range : null);
      else parts.set(key.name, { ...value, key: key.range });
    }
    return { value: Object.fromEntries([...parts].map(([name, part]) => [name, part.value])), range, key: null, parts };
  }

  #key(pair: Pair, fallback: Range): Keyed | null {
    const node = isNode(pair.key) ? pair.key : null;
    const range = node === null ? fallback : rangeOf(node, fallback);
    if (isScalar(node) && typeof node.value === 'string') {
      if (node.value === '<<') this.#report('RLY1015', range, mergeKey);
      else if (node.value !== '__proto__') return { name: node.value, range };
      else this.#report('RLY1101', range, { message: 'Unknown key __proto__', help: 'Remove it.' });
    }
    return null;
  }

  #alias(name: string, range: Range): Tree {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) {
      this.#report('RLY1016', range, unknownAlias(name));
      return leaf(null, range);
    }
    this.#aliased += anchor.size;
    this.#size += anchor.size;
    if (this.#aliased <= MAX_ALIASED) return anchor.tree;
    if (this.#aliased - anchor.size <= MAX_ALIASED) this.#report('RLY1017', range, aliasBomb);
    return leaf(null, range);
  }

  /** `again`: where the value stands, if it is the same as the first. */
  #duplicate(key: Keyed, first: Range, again: Range | null): void {
    const related = [{ at: this.#source.span(first.start, first.end), message: 'first written here' }];
    const lines = again === null ? null : this.#source.linesAround(key.range.start, again.end);
    const fixes = lines === null ? [] : [{ title: 'Delete the second', safe: true, edits: [{ at: lines, text: '' }] }];
    this.#report('RLY1012', key.range, { message: `Duplicate key ${key.name}`, help: duplicateHelp, related, fixes });
  }

  #report(code: Code, range: Range, finding: Finding): void {
    this.diagnostics.push(diagnose(code, this.#source.span(range.start, range.end), finding));
  }

  /** Without the line ends that block collections and block scalars bring along. */
  #trimmed({ start, end }: Range): Range {
    let stop = end;
    while (stop > start && /\s/.test(this.#source.text[stop - 1] ?? '')) stop -= 1;
    return { start, end: stop };
  }
}

const isSame = (one: Tree, other: Tree): boolean =>
  lengthOf(one.range) === lengthOf(other.range) && JSON.stringify(one.value) === JSON.stringify(other.value);

const lengthOf = ({ start, end }: Range): number => end - start;

const leaf = (value: Json, range: Range): Tree => ({ value, range, key: null, parts: NOTHING });

const isNode = (value: unknown): value is Node => isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);

const rangeOf = (node: Node, fallback: Range): Range => (node.range ? { start: node.range[0], end: node.range[1] } : fallback);

const duplicateHelp =
  'Keep one of the two. For several conditions on one fact write one mapping: { starts_with: a, ends_with: b }, or all: [ … ].';

const notFinite: Finding = {
  message: 'Infinity and NaN are not allowed here',
  help: 'Write a number, or omit the key for no limit.',
};

const mergeKey: Finding = {
  message: 'Merge keys (<<) are not part of YAML 1.2',
  help: 'Write the keys out. An alias may replace a whole value: when: *office_hours.',
};

const aliasBomb: Finding = {
  message: `Aliases expand this document to more than ${MAX_ALIASED} values`,
  help: 'Write the values out, or put them in a list and use it with in:.',
};

const unknownAlias = (name: string): Finding => ({
  message: `*${name} is read as an alias, but there is no anchor &${name} before it`,
  help: `If you mean text, put it in quotes: "*${name}".`,
});
