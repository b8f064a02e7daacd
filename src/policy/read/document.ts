import { Composer, type CST, type Document } from 'yaml';
import type { Diagnostic } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import type { Located } from '../syntax.ts';
import { cutTexts } from './cut-text.ts';
import { decodeText } from './decode.ts';
import { LocatedTree } from './located.ts';
import type { SourceText } from './source-text.ts';
import { MAX_DEPTH, MAX_TOKENS, tokenize } from './tokens.ts';
import { TreeBuilder } from './tree.ts';
import { explainYamlError, slippedKey } from './yaml-error.ts';

/** Either the document, with what is odd about it, or why there is none. */
export type ReadDocument =
  | { readonly document: Located; readonly diagnostics: readonly Diagnostic[] }
  | { readonly document: null; readonly diagnostics: readonly Diagnostic[] };

const failed = (...diagnostics: readonly Diagnostic[]): ReadDocument => ({ document: null, diagnostics });

/**
 * Reads one YAML 1.2 core document in which every value knows its place. `path` is what messages show,
 * `content` the file's bytes or text. Everything that could be read in two ways is an error: duplicate
 * keys, unknown tags, merge keys, directives, further documents, bytes that are not UTF-8. Never throws.
 */
export const readDocument = (path: string, content: string | Uint8Array): ReadDocument => {
  const { source, diagnostics } = decodeText(path, content);
  if (diagnostics.length > 0) return failed(...diagnostics);
  const tokens = tokenize(source.text);
  if (!tokens.ok) return failed((tokens.bound === 'depth' ? tooDeep : tooMany)(source, tokens.at));
  const composed = compose(tokens.tokens);
  const [first, second] = composed;
  const errors = [...directives(source, tokens.tokens), ...composed.flatMap((document) => yamlErrors(source, document))];
  if (errors.length > 0) return failed(...errors);
  if (first === undefined || isEmpty(first)) return failed(emptyFile(source));
  return second === undefined ? located(source, first) : failed(severalDocuments(source, second));
};

/**
 * What can be made out of a document that may be broken, for editors, which see files while they are being written. Nothing about
 * it is vouched for; `null` where there is nothing to see, or too much of it. Never throws.
 */
export const readBrokenDocument = (path: string, content: string): Located | null => {
  const { source, diagnostics } = decodeText(path, content);
  const tokens = diagnostics.length > 0 ? null : tokenize(source.text);
  const [document] = tokens?.ok ? compose(tokens.tokens) : [];
  return document === undefined ? null : new LocatedTree(source, new TreeBuilder(source).build(document));
};

const compose = (tokens: readonly CST.Token[]): readonly Document.Parsed[] => {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    stringKeys: true,
    logLevel: 'silent',
    resolveKnownTags: false,
  });
  const documents = [...composer.compose(tokens)].filter((document): document is Document.Parsed => document.range !== undefined);
  const stray = composer.streamInfo();
  const last = documents.at(-1);
  last?.errors.push(...stray.errors);
  return documents;
};

/** One per line, and none after a key in the wrong column: what follows is the parser recovering. */
const yamlErrors = (source: SourceText, document: Document.Parsed): readonly Diagnostic[] => {
  const all = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const lines = source.text.split('\n');
  const found: Diagnostic[] = [];
  for (const error of all) {
    if (found.length >= MOST_ERRORS) break;
    const slipped = slippedKey(source, lines, error);
    if (slipped !== null) return [...found, slipped];
    const explained = explainYamlError(source, error);
    if (!found.some(({ at }) => at.line === explained.at.line)) found.push(explained);
  }
  return found;
};

/** Beyond this the parser is lost. */
const MOST_ERRORS = 100;

const directives = (source: SourceText, tokens: readonly CST.Token[]): readonly Diagnostic[] =>
  tokens
    .filter((token) => token.type === 'directive')
    .map((token) =>
      diagnose('RLY1009', source.span(token.offset, token.offset + token.source.length), {
        message: 'YAML directives are not allowed here',
        help: 'Delete the line: policies are always YAML 1.2 core.',
      }),
    );

const located = (source: SourceText, document: Document.Parsed): ReadDocument => {
  const builder = new TreeBuilder(source);
  const tree = builder.build(document);
  return builder.diagnostics.length > 0
    ? failed(...builder.diagnostics)
    : { document: new LocatedTree(source, tree), diagnostics: cutTexts(source, document) };
};

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (contents.range !== undefined && contents.range !== null && contents.range[0] === contents.range[1]);

const emptyFile = (source: SourceText): Diagnostic =>
  diagnose('RLY1007', source.head(0, source.text.length), {
    message: 'The file is empty',
    help: 'A policy begins with version: 1. To turn a policy off, remove it from policies: in config/relay.yaml.',
  });

const tooDeep = (source: SourceText, at: number): Diagnostic =>
  diagnose('RLY1004', source.span(at, at + 1), {
    message: `Nested more than ${MAX_DEPTH} levels deep`,
    help: 'Split the condition into several rules that set results.',
  });

const tooMany = (source: SourceText, at: number): Diagnostic =>
  diagnose('RLY1003', source.span(at, at + 1), {
    message: `More than ${MAX_TOKENS.toLocaleString('en')} tokens; what follows is not read`,
    help: 'Move lists to list files, or split the policy: config/relay.yaml may name several.',
  });

const severalDocuments = (source: SourceText, second: Document.Parsed): Diagnostic =>
  diagnose('RLY1008', source.head(second.range[0], second.range[0] + 3), {
    message: 'A second document begins here',
    help: 'Keep one document per file: delete the line ---, or move what follows into a file of its own.',
  });
