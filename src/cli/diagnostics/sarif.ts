import type { Diagnostic, Fix, Severity, Span } from '../../policy/diagnostic.ts';
import { codes } from '../../policy/diagnostic-codes.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** SARIF 2.1.0 (OASIS): one run, with the rules that spoke. Paths are relative to the site. */
export const sarifDiagnostics = (diagnostics: readonly Diagnostic[], version?: string): string => {
  const spoken = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: {
      driver: { name: 'relayctl', ...(version === undefined ? {} : { version, semanticVersion: version }), rules: spoken.map(ruleOf) },
    },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map((diagnostic) => result(diagnostic, spoken)),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })}\n`;
};

const registered: ReadonlyMap<string, { slug: string; severity: Severity; why: string }> = new Map(Object.entries(codes));

const ruleOf = (code: string) => {
  const entry = registered.get(code);
  if (entry === undefined) return { id: code };
  return {
    id: code,
    name: entry.slug,
    shortDescription: { text: entry.slug.replaceAll('-', ' ') },
    fullDescription: { text: entry.why },
    help: { text: `${entry.why} relayctl explain ${code} prints examples.` },
    defaultConfiguration: { level: LEVELS[entry.severity] },
  };
};

const result = ({ code, severity, message, help, at, related, fixes }: Diagnostic, spoken: readonly string[]) => ({
  ruleId: code,
  ruleIndex: spoken.indexOf(code),
  level: LEVELS[severity],
  message: { text: `${message}. ${help}` },
  locations: [location(at)],
  relatedLocations: related.map((other, id) => ({ id, ...location(other.at), message: { text: other.message } })),
  ...(fixes.length === 0 ? {} : { fixes: fixes.map(fixOf) }),
});

/** The edits of each file together. */
const fixOf = ({ title, edits }: Fix) => ({
  description: { text: title },
  artifactChanges: [...new Set(edits.map(({ at }) => at.file))].map((file) => ({
    artifactLocation: { uri: uriOf(file) },
    replacements: edits
      .filter(({ at }) => at.file === file)
      .map(({ at, text }) => ({ deletedRegion: regionOf(at), insertedContent: { text } })),
  })),
});

const uriOf = (file: string): string => file.split('/').map(encodeURIComponent).join('/');

const regionOf = ({ line, column, endLine, endColumn }: Span) => ({ startLine: line, startColumn: column, endLine, endColumn });

const location = (at: Span) => ({ physicalLocation: { artifactLocation: { uri: uriOf(at.file) }, region: regionOf(at) } });
