import type { YAMLError } from 'yaml';
import type { Diagnostic, Fix } from '../diagnostic.ts';
import { type Code, diagnose, type Finding } from '../diagnostic-codes.ts';
import { misplacedKey } from './indentation.ts';
import type { SourceText } from './source-text.ts';

interface Explanation extends Finding {
  readonly code: Code;
  readonly rewrite?: Rewrite | null;
}

/** A piece of the line and what to write in its place. */
interface Rewrite {
  readonly from: string;
  readonly to: string;
  readonly safe: boolean;
}

/** None where the piece stands twice on the line. */
const fixesOf = (source: SourceText, line: number, rewrite: Rewrite | null): readonly Fix[] => {
  if (rewrite === null || rewrite.from === '') return [];
  const start = source.startOf(line);
  const text = source.text.slice(start, start + LONGEST_LINE).split('\n', 1)[0] ?? '';
  const [before = '', ...after] = text.split(rewrite.from);
  if (after.length !== 1) return [];
  const at = source.span(start + before.length, start + before.length + rewrite.from.length);
  return [{ title: `Write ${rewrite.to}`, safe: rewrite.safe, edits: [{ at, text: rewrite.to }] }];
};

const codeOf: Partial<Record<YAMLError['code'], Code>> = {
  BAD_ALIAS: 'RLY1016',
  BAD_DIRECTIVE: 'RLY1009',
  BAD_SCALAR_START: 'RLY1018',
  MULTIPLE_DOCS: 'RLY1008',
  NON_STRING_KEY: 'RLY1013',
  RESOURCE_EXHAUSTION: 'RLY1004',
  TAB_AS_INDENT: 'RLY1011',
  TAG_RESOLVE_FAILED: 'RLY1014',
};

/** Characters of a line in which a mistake is looked for. */
const LONGEST_LINE = 1000;

/** A bare IPv6 address or prefix that ends in a colon or stands where a colon separates. */
const IPV6 = /(?<![\w"':.])(?:[0-9a-f]{0,4}:){2,}[0-9a-f.:]*(?:\/\d+)?(?![\w"'])/i;

const MISTAKES: readonly ((error: YAMLError, line: string, token: string) => Explanation | null)[] = [
  (error, line, token) => (error.code === 'BAD_SCALAR_START' ? reservedStart(line, token) : null),
  (error) => (error.code === 'TAB_AS_INDENT' ? tabIndent : null),
  (error, _line, token) => (error.code === 'TAG_RESOLVE_FAILED' ? unknownTag(token) : null),
  (error) => (error.code === 'NON_STRING_KEY' ? keyNotText : null),
  (_error, line) => (PLACEHOLDER_IN_FLOW.test(line) ? bareTemplate : null),
  (_error, line) => unquotedIpv6(line),
  (error, line) => (COLON_INSIDE.has(error.code) ? { ...colonInText, rewrite: wholeText(line) } : null),
  (error, line) => (error.code === 'BAD_DQ_ESCAPE' ? escapeInDoubleQuotes(error, line) : null),
  (error) => (error.code === 'MISSING_CHAR' && error.message.includes('quote') ? openQuote : null),
];

/** `{ log: from ${client.ip} }`: the brace of the placeholder opens a mapping. */
const PLACEHOLDER_IN_FLOW = /[{[,]\s*(?:[\w-]+:\s*)?[^"'{}[\],\s][^"'{}[\],]*\$\{|[:,[]\s*\$\{/;

/** What the parser says of `reject: 550 Refused: go away`. */
const COLON_INSIDE: ReadonlySet<string> = new Set(['BLOCK_AS_IMPLICIT_KEY', 'BLOCK_IN_FLOW']);

/** What the parser reports for a key in the wrong column, sometimes one line early. */
const SLIPPED: ReadonlySet<string> = new Set([
  'BLOCK_AS_IMPLICIT_KEY',
  'BAD_INDENT',
  'MISSING_CHAR',
  'UNEXPECTED_TOKEN',
  'IMPOSSIBLE',
  'MULTILINE_IMPLICIT_KEY',
]);

/** The key in the wrong column, where that is what confused the parser. */
export const slippedKey = (source: SourceText, lines: readonly string[], error: YAMLError): Diagnostic | null => {
  if (!SLIPPED.has(error.code)) return null;
  const { line } = source.span(error.pos[0], error.pos[0]);
  let next = line + 1;
  while (next <= lines.length && lines[next - 1]?.trim() === '') next += 1;
  return misplacedKey(source, lines, line) ?? (next <= lines.length ? misplacedKey(source, lines, next) : null);
};

/** A fault the YAML parser found, in words for a mail administrator, with the mistake behind it where it can be told. */
export const explainYamlError = (source: SourceText, error: YAMLError): Diagnostic => {
  const [start, end] = error.pos;
  const token = /^[^\s,\]}]+/.exec(source.text.slice(start, start + 200))?.[0] ?? '';
  const at = source.head(start, Math.max(end, start + Math.max(token.length, 1)));
  const lineStart = source.startOf(at.line);
  const line = source.text.slice(lineStart, lineStart + LONGEST_LINE).split('\n', 1)[0] ?? '';
  const swallowed = swallowedBracket(source, error);
  if (swallowed) return swallowed;
  for (const recognise of MISTAKES) {
    const explanation = recognise(error, line, token);
    if (explanation)
      return diagnose(explanation.code, at, { ...explanation, fixes: fixesOf(source, at.line, explanation.rewrite ?? null) });
  }
  return diagnose(codeOf[error.code] ?? 'RLY1010', at, { message: firstLine(error.message), help: GENERAL_HELP });
};

/** How far back the line is looked for that was never closed. */
const BACK = 2000;

/** `{ reject: 550 see #12 }`: the comment takes the bracket along. The parser notices on a later line. */
const swallowedBracket = (source: SourceText, error: YAMLError): Diagnostic | null => {
  if (!/^Flow (?:map|sequence)/.test(error.message)) return null;
  const start = Math.max(0, error.pos[0] - BACK);
  const found = /[{[][^\n"'#]*?[^\s"'#{[,:](\s+#)[^\n]*[}\]][^\n]*\n\s*$/.exec(source.text.slice(start, error.pos[0]));
  if (!found) return null;
  const at = start + found.index + found[0].indexOf(found[1] ?? '#') + (found[1] ?? '#').length - 1;
  return diagnose('RLY1010', source.span(at, at + 1), {
    message: 'A # after a space begins a comment, and this one swallows the closing bracket',
    help: 'If it is part of the text, quote the whole text: "550 5.7.1 see ticket #12".',
  });
};

const GENERAL_HELP = 'Check the quotes, brackets and indentation of this line and the one above it.';

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').replace(/[.:]\s*$/, '').slice(0, 200);

const reservedStart = (line: string, token: string): Explanation => ({
  code: 'RLY1018',
  rewrite: isWholeValue(line, token) && !token.includes('"') ? { from: token, to: `"${token}"`, safe: true } : null,
  message: `A value cannot begin with ${token[0] ?? 'this character'} unless it is in quotes`,
  help: `Write "${token}".`,
});

/** Nothing of the value follows the token. */
const isWholeValue = (line: string, token: string): boolean => /^\s*(?:$|[,}\]]|#)/.test(line.slice(line.indexOf(token) + token.length));

const tabIndent: Explanation = {
  code: 'RLY1011',
  message: 'A tab is used for indentation',
  help: 'Indent with spaces; YAML forbids tabs there.',
};

const unknownTag = (token: string): Explanation => ({
  code: 'RLY1014',
  message: `Unknown tag ${token}`,
  help: `Policies have no tags. If you mean text, put it in quotes: "${token}".`,
});

const keyNotText: Explanation = {
  code: 'RLY1013',
  message: 'A key must be plain text',
  help: 'Write a name before the colon. Lists, mappings and aliases cannot be keys; a name that begins with * needs quotes.',
};

const bareTemplate: Explanation = {
  code: 'RLY1010',
  message: 'The braces of ${…} are read as YAML',
  help: 'Put the whole text in quotes: { log: "from ${client.ip}" }.',
};

/** `reject: 550 5.7.1 Refused: go away`, to the end of the line. */
const wholeText = (line: string): Rewrite | null => {
  const text = /^\s*(?:- )?(?:reject|defer|log|description):\s+([^\s"'|>{[&*#!][^"'#{}\\]*)$/.exec(line)?.[1]?.trimEnd();
  return text === undefined ? null : { from: text, to: JSON.stringify(text), safe: true };
};

const colonInText: Explanation = {
  code: 'RLY1010',
  message: 'A colon followed by a space makes this a mapping inside a value',
  help: 'If it is text, quote all of it: "550 5.7.1 Refused: go away".',
};

/** `"\\d+"`: between double quotes YAML reads the backslash itself. */
const escapeInDoubleQuotes = (error: YAMLError, line: string): Explanation => {
  const unknown = /\\.?/.exec(error.message)?.[0] ?? '\\';
  const [, text] = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].find(([quoted]) => quoted.includes(unknown)) ?? [];
  const instead = text === undefined || text.includes("'") ? 'single quotes' : `single quotes: '${text}'`;
  const isRegex = text !== undefined && !/\\[^dwsDWSbB.\-+*?^$()|[\]{}]/.test(text);
  return {
    code: 'RLY1010',
    rewrite: text === undefined || text.includes("'") ? null : { from: `"${text}"`, to: `'${text}'`, safe: isRegex },
    message: `${unknown} is not a valid escape between double quotes`,
    help: `Write it in ${instead}; between single quotes a backslash is just a backslash.`,
  };
};

const openQuote: Explanation = {
  code: 'RLY1010',
  message: 'A quoted string is not closed',
  help: 'Look above for an unmatched quote.',
};

const unquotedIpv6 = (line: string): Explanation | null => {
  const address = IPV6.exec(line)?.[0];
  return address === undefined
    ? null
    : {
        code: 'RLY1010',
        message: `The colons of ${address} are read as YAML`,
        help: `Put IPv6 addresses in quotes: "${address}".`,
        rewrite: { from: address, to: `"${address}"`, safe: true },
      };
};
