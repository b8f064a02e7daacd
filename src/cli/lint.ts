import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Loaded, loadSite } from '../site/loading/load.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import { githubDiagnostics } from './diagnostics/github.ts';
import { jsonDiagnostics } from './diagnostics/json.ts';
import { junitDiagnostics } from './diagnostics/junit.ts';
import { prettyDiagnostics } from './diagnostics/pretty.ts';
import { sarifDiagnostics } from './diagnostics/sarif.ts';
import type { Terminal } from './terminal/terminal.ts';

const FORMATS = ['pretty', 'json', 'sarif', 'github', 'junit'] as const;
type Format = (typeof FORMATS)[number];

interface LintOptions extends ConfigOption {
  readonly format: Format;
  readonly maxWarnings?: number;
}

const rulesOf = ({ files }: Loaded): number =>
  files.reduce((sum, { grants, rules, routes }) => sum + grants.length + rules.length + routes.length, 0);

/** People hear that there was something to check; scripts read the other formats. */
const noFindings = (loaded: Loaded): string =>
  `no problems found: ${counted(loaded.named, 'policy', 'policies')}, ${counted(rulesOf(loaded), 'rule', 'rules')}\n`;

const counted = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

const pretty = (loaded: Loaded, color: boolean): string =>
  loaded.diagnostics.length === 0 ? noFindings(loaded) : prettyDiagnostics(loaded.diagnostics, { sources: loaded.sources, color });

const RENDERERS: Readonly<Record<Format, (loaded: Loaded, color: boolean) => string>> = {
  pretty,
  json: (loaded) => jsonDiagnostics(loaded.diagnostics, { files: loaded.named, rules: rulesOf(loaded) }),
  sarif: ({ diagnostics }) => sarifDiagnostics(diagnostics),
  github: ({ diagnostics }) => githubDiagnostics(diagnostics),
  junit: ({ diagnostics }) => junitDiagnostics(diagnostics),
};

const lint = ({ config, format, maxWarnings }: LintOptions, terminal: Terminal): number => {
  const loaded = loadSite(config);
  terminal.out(RENDERERS[format](loaded, terminal.color));
  if (loaded.unreadable) return 2;
  const warnings = loaded.diagnostics.filter(({ severity }) => severity === 'warning').length;
  const errors = loaded.diagnostics.some(({ severity }) => severity === 'error');
  return errors || (maxWarnings !== undefined && warnings > maxWarnings) ? 1 : 0;
};

const count = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write a whole number, 0 or more.');
  return Number(text);
};

export const lintCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('lint', 'Check the configuration and the policies.')
      .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('pretty'))
      .option('--max-warnings <n>', 'fail if there are more warnings than this', count),
    terminal,
    lint,
  );
