import type { Diagnostic, Severity, Span } from '../../policy/diagnostic.ts';
import { codes } from '../../policy/diagnostic-codes.ts';
import { type Paint, painter } from '../terminal/style.ts';
import { frame } from './frame.ts';

export interface PrettyOptions {
  /** Text of the files, by the path that diagnostics name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly color: boolean;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<Severity, string>;

/** More of them nobody reads. */
const MOST = 200;

/** Diagnostics for people: place, what, the line with a mark under the token, and what to write instead. Empty for none. */
export const prettyDiagnostics = (diagnostics: readonly Diagnostic[], { sources, color }: PrettyOptions): string => {
  const paint = painter(color);
  const shown = mostSerious(diagnostics);
  const lines = linesOf(sources);
  const blocks = shown.map((diagnostic) => block(diagnostic, lines, paint));
  return diagnostics.length === 0 ? '' : `${blocks.join('\n')}\n${leftOut(diagnostics.length - shown.length)}${summary(diagnostics)}\n`;
};

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** As many as are shown: errors before warnings, each in their order. */
const mostSerious = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.length <= MOST
    ? diagnostics
    : SEVERITIES.flatMap((severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity)).slice(0, MOST);

const leftOut = (count: number): string => (count === 0 ? '' : `${count} more are not shown; --format json has all of them\n`);

type Lines = (file: string, line: number) => string | undefined;

/** Lines of the files, each file cut once. */
const linesOf = (sources: ReadonlyMap<string, string>): Lines => {
  const cut = new Map<string, readonly string[]>();
  return (file, line) => {
    const lines = cut.get(file) ?? sources.get(file)?.split('\n') ?? [];
    cut.set(file, lines);
    return lines[line - 1];
  };
};

const block = (diagnostic: Diagnostic, lines: Lines, paint: Paint): string => {
  const { code, severity, message, help, at, related } = diagnostic;
  const tone = COLORS[severity];
  const text = [
    `${paint('bold', place(at))} ${paint(tone, severity)} ${paint('dim', `${code}${slugOf(code)}`)}`,
    `  ${paint('bold', visible(message))}`,
    ...frame(lines(at.file, at.line), at).map(({ gutter, text, mark }) => `  ${paint('dim', gutter)}${mark ? paint(tone, text) : text}`),
    `  ${visible(help)}`,
    ...related.map((other) => `  ${paint('dim', place(other.at))} ${visible(other.message)}`),
  ];
  return `${text.join('\n')}\n`;
};

const place = ({ file, line, column }: Span): string => `${visible(file)}:${line}:${column}`;

const known: ReadonlyMap<string, { readonly slug: string }> = new Map(Object.entries(codes));

const slugOf = (code: string): string => {
  const entry = known.get(code);
  return entry === undefined ? '' : ` ${entry.slug}`;
};

/** What an author wrote may hold an escape sequence; a terminal shall not obey it. */
const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');

const summary = (diagnostics: readonly Diagnostic[]): string => {
  const count = (severity: Severity, one: string): string => {
    const many = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return many === 0 ? '' : `${many} ${many === 1 ? one : `${one}s`}`;
  };
  return [count('error', 'error'), count('warning', 'warning'), count('info', 'note')].filter((part) => part !== '').join(', ');
};
