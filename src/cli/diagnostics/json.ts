import type { Diagnostic } from '../../policy/diagnostic.ts';

export interface Counted {
  /** Policy files the configuration names. */
  readonly files: number;
  /** Grants, rules and routes in them. */
  readonly rules: number;
}

/** The form that scripts depend on: `diagnostics` and `summary`, on one line. */
export const jsonDiagnostics = (diagnostics: readonly Diagnostic[], { files, rules }: Counted): string => {
  const count = (severity: Diagnostic['severity']): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const summary = { errors: count('error'), warnings: count('warning'), files, rules };
  return `${JSON.stringify({ diagnostics: diagnostics.map(plain), summary })}\n`;
};

const plain = ({ code, severity, message, help, at, related, fixes }: Diagnostic) => ({
  code,
  severity,
  message,
  help,
  file: at.file,
  line: at.line,
  column: at.column,
  endLine: at.endLine,
  endColumn: at.endColumn,
  related: related.map((other) => ({ file: other.at.file, line: other.at.line, column: other.at.column, message: other.message })),
  fixes: fixes.map(({ title, safe, edits }) => ({ title, safe, edits: edits.map(({ at: place, text }) => ({ ...place, text })) })),
});
