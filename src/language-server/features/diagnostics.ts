import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Diagnostic as Finding, Severity } from '../../policy/diagnostic.ts';
import { rangeOf } from '../positions.ts';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** A finding as editors show it. `uriOf` gives the address of a file of the site. */
export const shown = ({ code, severity, message, help, at, related }: Finding, uriOf: (file: string) => string): Diagnostic => ({
  range: rangeOf(at),
  severity: SEVERITIES[severity],
  code,
  source: 'relayctl',
  message: help === '' ? message : `${message}\n${help}`,
  relatedInformation: related.map((other) => ({
    location: { uri: uriOf(other.at.file), range: rangeOf(other.at) },
    message: other.message,
  })),
});
