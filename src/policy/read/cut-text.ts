import { type Document, isMap, isPair, isScalar, type Pair, type Scalar, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { actions } from '../actions/index.ts';
import type { Diagnostic, Fix } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import { findFact } from '../facts/find.ts';
import type { Range } from './located.ts';
import type { SourceText } from './source-text.ts';

/*
 * Texts without quotes that YAML ends earlier than their author did: a # behind a blank begins a comment, a comma in a
 * flow collection ends the value. Comments that are meant are the rule, so only those are told of that do not look it.
 */

/** Keys whose values people write as sentences. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  ...[
    'reject',
    'defer',
    'accept',
    'disconnect',
    'discard',
    'quarantine',
    'log',
    'send',
    'value',
    'text',
    'subject',
    'description',
    'reply',
  ],
  ...['name', 'reason', 'expect'],
]);

/** More of them is one mistake made everywhere. */
const MOST = 20;

/** A warning for every text of the document that was cut. */
export const cutTexts = (source: SourceText, document: Document.Parsed): readonly Diagnostic[] => {
  const found: Diagnostic[] = [];
  const note = (diagnostic: Diagnostic | null): void => {
    if (diagnostic !== null && found.length < MOST) found.push(diagnostic);
  };
  visit(document, {
    Scalar: (key, node, path) => note(key === 'key' ? null : cutByComment(source, node, keyOf(path.at(-1)))),
    Map: (_key, node) => note(node.flow === true ? cutByComma(source, node) : null),
    Seq: (_key, node) => note(node.flow === true ? cutByCommaInList(source, node) : null),
  });
  return found;
};

const keyOf = (parent: unknown): string => (isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : '');

const isPlain = (node: unknown): node is Scalar => isScalar(node) && node.type === 'PLAIN';

const cutByComment = (source: SourceText, node: Scalar, key: string): Diagnostic | null => {
  if (!isPlain(node) || typeof node.value !== 'string' || !node.range) return null;
  const [start, end] = node.range;
  const [, blanks = '', comment = ''] = /^([ \t]+)#([^\r\n]{0,200})/.exec(source.text.slice(end, end + 300)) ?? [];
  if (blanks === '' || !isPartOfText({ key, text: node.value, blanks, comment })) return null;
  const whole = `${node.value}${blanks}#${comment}`.replace(/\s+/g, ' ').trim();
  return diagnose('RLY1019', source.span(start, end), {
    message: `The text ends before #${comment.trimEnd().slice(0, 40)}: what follows is a comment`,
    help: `If it is part of the text, quote the whole text: ${JSON.stringify(whole.slice(0, 120))}. If it is a comment, put two spaces before the # and one after it.`,
    fixes:
      comment.length < 200 ? [quotedWhole(source, { start, end: end + blanks.length + 1 + comment.trimEnd().length }, whole, false)] : [],
  });
};

interface Ended {
  readonly key: string;
  readonly text: string;
  readonly blanks: string;
  readonly comment: string;
}

const quotedWhole = (source: SourceText, { start, end }: Range, text: string, safe: boolean): Fix => ({
  title: 'Quote the whole text',
  safe,
  edits: [{ at: source.span(start, end), text: JSON.stringify(text) }],
});

/** Behind a comma it may stand for itself. */
const isName = (text: string): boolean => actions.has(text) || findFact(text) !== null;

const isPartOfText = ({ key, text, blanks, comment }: Ended): boolean => {
  const isGlued = /^[^\s#=*!-]/.test(comment);
  const isSentence = /\s/.test(text);
  if (TEXT_KEYS.has(key)) return isGlued || (isSentence && blanks === ' ' && comment.trim() !== '');
  return isGlued && (isSentence || /^\d/.test(comment));
};

/** `{ reject: 550 5.7.1 no, see ticket }`: a key without a value behind a text. */
const cutByComma = (source: SourceText, { items }: YAMLMap): Diagnostic | null => {
  for (const [at, item] of items.entries()) {
    const before = items[at - 1];
    if (before && isPlain(before.value) && isKeyAlone(source, item)) return endsAtComma(source, before.value, item.key);
  }
  return null;
};

const isKeyAlone = (source: SourceText, { key, value }: Pair): boolean => {
  if (!isPlain(key) || !key.range || (isScalar(value) && value.value !== null)) return false;
  return /^\s*[,}]/.test(source.text.slice(key.range[1], key.range[1] + 200));
};

/** `[ log: hello, world ]`. */
const cutByCommaInList = (source: SourceText, { items }: YAMLSeq): Diagnostic | null => {
  for (const [at, item] of items.entries()) {
    const pair = bracelessPair(source, items[at - 1]);
    if (pair && isPlain(pair.value) && isPlain(item)) return endsAtComma(source, pair.value, item);
  }
  return null;
};

/** `a: b` as an entry of a list in brackets. */
const bracelessPair = (source: SourceText, node: unknown): Pair | null =>
  isMap(node) && node.range && source.text[node.range[0]] !== '{' ? (node.items.at(-1) ?? null) : null;

const endsAtComma = (source: SourceText, text: Scalar, next: unknown): Diagnostic | null => {
  if (typeof text.value !== 'string' || !text.range) return null;
  const rest = isScalar(next) ? String(next.value) : '';
  const whole = `${text.value}, ${rest}`.slice(0, 120);
  return diagnose('RLY1019', source.span(text.range[0], text.range[1]), {
    message: `The text ends before the comma: ${JSON.stringify(rest.slice(0, 40))} is read as the next entry`,
    help: `If it is part of the text, quote the whole text: ${JSON.stringify(whole)}.`,
    fixes:
      isScalar(next) && next.range && whole.length < 120
        ? [quotedWhole(source, { start: text.range[0], end: next.range[1] }, whole, !isName(rest))]
        : [],
  });
};
