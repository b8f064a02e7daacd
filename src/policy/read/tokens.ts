import { type CST, Lexer, Parser } from 'yaml';

/** Levels of nesting a file may have: the language itself needs about ten. */
export const MAX_DEPTH = 64;

/** Tokens a file may have, white space and punctuation among them: three times as many as 1 MiB of rules has. */
export const MAX_TOKENS = 1_500_000;

/** What the parser keeps open beside the collections: the document and the scalar being read. */
const PARSER_OVERHEAD = 2;

export type Tokens =
  | { readonly ok: true; readonly tokens: readonly CST.Token[] }
  /** Offset at which a bound was passed. */
  | { readonly ok: false; readonly bound: 'depth' | 'tokens'; readonly at: number };

/**
 * The concrete syntax of a file. Lexer and parser work with a stack of their own and are stopped as soon
 * as it grows past a bound, before anything recursive sees the text: 100,000 open brackets, or as many
 * dashes on one line, cost no more than the first 64.
 */
export const tokenize = (text: string): Tokens => {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH + PARSER_OVERHEAD) return { ok: false, bound: 'depth', at: parser.offset };
    count += 1;
    if (count > MAX_TOKENS) return { ok: false, bound: 'tokens', at: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { ok: true, tokens };
};
