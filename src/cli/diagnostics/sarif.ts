import type { Diagnostic, Severity, Span } from '../../policy/diagnostic.ts';
import { codes } from '../../policy/diagnostic-codes.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** SARIF 2.1.0 (OASIS): one run, with the rules that spoke. Paths are relative to the site. */
export const sarifDiagnostics = (diagnostics: readonly Diagnostic[]): string => {
  const spoken = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: { driver: { name: 'relayctl', rules: spoken.map(ruleOf) } },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map((diagnostic) => result(diagnostic, spoken)),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })}\n`;
};

const registered: ReadonlyMap<string, { slug: string; severity: Severity; why: string }> = new Map(Object.entries(codes));

const ruleOf = (code: string) => {
  const entry = registered.get(code);
  if (entry === undefined) return { id: code };
  return { id: code, name: entry.slug, shortDescription: { text: entry.why }, defaultConfiguration: { level: LEVELS[entry.severity] } };
};

const result = ({ code, severity, message, help, at, related }: Diagnostic, spoken: readonly string[]) => ({
  ruleId: code,
  ruleIndex: spoken.indexOf(code),
  level: LEVELS[severity],
  message: { text: `${message}. ${help}` },
  locations: [location(at)],
  relatedLocations: related.map((other, id) => ({ id, ...location(other.at), message: { text: other.message } })),
});

const location = ({ file, line, column, endLine, endColumn }: Span) => ({
  physicalLocation: {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  },
});
