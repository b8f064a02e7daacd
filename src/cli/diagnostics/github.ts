import type { Diagnostic, Severity } from '../../policy/diagnostic.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/** Workflow commands that GitHub Actions turns into annotations, one a line. */
export const githubDiagnostics = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics
    .map(({ code, severity, message, help, at }) => {
      const lines = at.endLine === at.line ? `,endColumn=${at.endColumn}` : '';
      const place = `file=${property(at.file)},line=${at.line},endLine=${at.endLine},col=${at.column}${lines}`;
      return `::${COMMANDS[severity]} ${place},title=${property(code)}::${data(`${message}\n${help}`)}\n`;
    })
    .join('');

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
