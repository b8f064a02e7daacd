import type { Diagnostic, Severity, Span } from '../../policy/diagnostic.ts';
import { codes } from '../../policy/diagnostic-codes.ts';
import { type Paint, painter } from '../style.ts';
import { frame } from './frame.ts';

export interface PrettyOptions {
  /** Text of the files, by the path that diagnostics name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly color: boolean;
}

const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<Severity, string>;

/** Diagnostics for people: place, what, the line with a mark under the token, and what to write instead. Empty for none. */
export const prettyDiagnostics = (diagnostics: readonly Diagnostic[], { sources, color }: PrettyOptions): string => {
  const paint = painter(color);
  const blocks = diagnostics.map((diagnostic) => block(diagnostic, sources, paint));
  return diagnostics.length === 0 ? '' : `${blocks.join('\n')}\n${summary(diagnostics)}\n`;
};

const block = (diagnostic: Diagnostic, sources: ReadonlyMap<string, string>, paint: Paint): string => {
  const { code, severity, message, help, at, related } = diagnostic;
  const tone = COLORS[severity];
  const lines = [
    `${paint('bold', place(at))} ${paint(tone, severity)} ${paint('dim', `${code}${slugOf(code)}`)}`,
    `  ${paint('bold', visible(message))}`,
    ...frame(sources.get(at.file), at).map(({ gutter, text, mark }) => `  ${paint('dim', gutter)}${mark ? paint(tone, text) : text}`),
    `  ${visible(help)}`,
    ...related.map((other) => `  ${paint('dim', place(other.at))} ${visible(other.message)}`),
  ];
  return `${lines.join('\n')}\n`;
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
