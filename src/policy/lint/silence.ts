import { Lexer } from 'yaml';
import type { Diagnostic, Fix, Severity, Span } from '../diagnostic.ts';
import { type Code, codes, diagnose } from '../diagnostic-codes.ts';
import { SourceText } from '../read/source-text.ts';
import { didYouMean } from '../suggest.ts';

/*
 * Comments that silence a finding on the next line: `# relayctl-disable-next-line RLY4003: the partners use it soon`.
 * Only warnings and notes can be silenced, each for a reason; a comment that silences nothing is reported.
 */

const WORD = 'relayctl-disable';
const FORM = /^#\s*relayctl-disable-next-line\s+([\w, ]*?)\s*(?::\s*(.*\S)\s*)?$/;
const EXAMPLE = '# relayctl-disable-next-line RLY4003: the reason';

/** One code that a comment silences. */
interface Silence {
  readonly code: Code;
  /** The line it is about. */
  readonly line: number;
  readonly at: Span;
}

interface Comment {
  readonly text: string;
  readonly at: Span;
}

/** What yaml's lexer puts before the text of a scalar. */
const SCALAR = '\u001f';
const MARKS = new Set(['\u0002', '\u0018', SCALAR]);

/** Comments alone: in a block scalar the same text is content. */
const commentsOf = (source: SourceText): readonly Comment[] => {
  const comments: Comment[] = [];
  let offset = 0;
  let before = '';
  for (const token of new Lexer().lex(source.text)) {
    const { length } = MARKS.has(token) ? '' : token;
    if (token.startsWith(`#`) && before !== SCALAR && token.includes(WORD))
      comments.push({ text: token, at: source.span(offset, offset + length) });
    offset += length;
    before = token;
  }
  return comments;
};

/** The first line after a comment that is not a comment itself: comments may be stacked. */
const lineAfter = ({ at }: Comment, lines: readonly string[]): number => {
  let line = at.line + 1;
  while (/^\s*#/.test(lines[line - 1] ?? '')) line += 1;
  return line;
};

const isCode = (word: string): word is Code => Object.hasOwn(codes, word);

const malformed = (at: Span, message: string, help: string): Diagnostic => diagnose('RLY4091', at, { message, help });

const refused = (word: string, at: Span): Diagnostic | null => {
  if (!isCode(word))
    return malformed(at, `There is no code ${word}`, didYouMean(word, Object.keys(codes), '`docs/diagnostics.md` lists all codes.'));
  if (codes[word].severity !== 'error') return null;
  return malformed(at, `${word} is an error, and errors cannot be silenced`, 'Correct what it reports, and remove the comment.');
};

interface Reading {
  readonly silences: readonly Silence[];
  readonly faults: readonly Diagnostic[];
}

const NOTHING: Reading = { silences: [], faults: [] };

const joined = (readings: readonly Reading[]): Reading => ({
  silences: readings.flatMap(({ silences }) => silences),
  faults: readings.flatMap(({ faults }) => faults),
});

const readComment = (comment: Comment, lines: readonly string[]): Reading => {
  const { text, at } = comment;
  const [, words = '', reason = ''] = FORM.exec(text) ?? [];
  const named = words.split(/[\s,]+/).filter(Boolean);
  if (named.length === 0) return { ...NOTHING, faults: [malformed(at, 'The comment names no code to silence', `Write \`${EXAMPLE}\`.`)] };
  if (reason === '') return { ...NOTHING, faults: [malformed(at, 'The comment gives no reason', `Write why, as in \`${EXAMPLE}\`.`)] };
  return joined(
    named.map((word): Reading => {
      const fault = refused(word, at);
      if (fault) return { ...NOTHING, faults: [fault] };
      return isCode(word) ? { ...NOTHING, silences: [{ code: word, line: lineAfter(comment, lines), at }] } : NOTHING;
    }),
  );
};

const readSource = (path: string, text: string): Reading => {
  if (!text.includes(WORD)) return NOTHING;
  const lines = text.split('\n');
  return joined(commentsOf(new SourceText(path, text)).map((comment) => readComment(comment, lines)));
};

/** The comment silences one code, which is all that it is there for; it ends its line. */
const withoutComment = (at: Span): Fix => ({ title: 'Delete the comment', safe: true, edits: [{ at, text: '' }] });

const keyOf = (code: string, file: string, line: number): string => `${code} ${line} ${file}`;

const silencedKey = ({ code, line, at }: Silence): string => keyOf(code, at.file, line);

const foundKey = ({ code, at }: Diagnostic): string => keyOf(code, at.file, at.line);

/**
 * The findings without those that comments silence, and what is wrong with the comments. `sources`: YAML files by the
 * path that diagnostics name. `complete`: every check has run, so that a comment without a finding is useless.
 */
export const silenced = (
  found: readonly Diagnostic[],
  { sources, complete }: { readonly sources: Iterable<readonly [string, string]>; readonly complete: boolean },
): readonly Diagnostic[] => {
  const { silences: all, faults } = joined([...sources].map(([path, text]) => readSource(path, text)));
  if (all.length + faults.length === 0) return found;
  const [asked, there] = [new Set(all.map(silencedKey)), new Set(found.map(foundKey))];
  const isAlone = (at: Span): boolean => all.filter((one) => one.at === at).length === 1;
  const useless = all
    .filter((one) => !there.has(silencedKey(one)))
    .map(({ code, line, at }) =>
      diagnose('RLY4090', at, {
        message: `Line ${line} has no ${code} to silence`,
        help: 'Remove the code, or the comment.',
        fixes: isAlone(at) ? [withoutComment(at)] : [],
      }),
    );
  const kept = found.filter((diagnostic) => !asked.has(foundKey(diagnostic)));
  return [...kept, ...faults, ...(complete ? useless : [])];
};

/** The severity a site gives to a code. */
export type ChosenSeverity = Severity | 'off';

export const weighted = (found: readonly Diagnostic[], severities: Readonly<Record<string, ChosenSeverity>>): readonly Diagnostic[] =>
  found.flatMap((diagnostic) => {
    const severity = severities[diagnostic.code] ?? diagnostic.severity;
    return severity === 'off' ? [] : [{ ...diagnostic, severity }];
  });
