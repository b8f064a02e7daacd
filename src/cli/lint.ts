import { type Command, InvalidArgumentError, Option } from 'commander';
import { siteRoot } from '../site/config/read.ts';
import { fixSite } from '../site/fixing/fix-site.ts';
import { writeFiles } from '../site/fixing/write-files.ts';
import { type Loaded, loadSite } from '../site/loading/load.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import { unifiedDiff } from './diagnostics/diff.ts';
import { githubDiagnostics } from './diagnostics/github.ts';
import { jsonDiagnostics } from './diagnostics/json.ts';
import { junitDiagnostics } from './diagnostics/junit.ts';
import { prettyDiagnostics } from './diagnostics/pretty.ts';
import { sarifDiagnostics } from './diagnostics/sarif.ts';
import type { Terminal } from './terminal/terminal.ts';
import { VERSION } from './version.ts';

const FORMATS = ['pretty', 'json', 'sarif', 'github', 'junit'] as const;
type Format = (typeof FORMATS)[number];

interface LintOptions extends ConfigOption {
  readonly format: Format;
  readonly maxWarnings?: number;
  readonly fix?: true;
  readonly unsafe?: true;
  readonly dryRun?: true;
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
  sarif: ({ diagnostics }) => sarifDiagnostics(diagnostics, VERSION),
  github: ({ diagnostics }) => githubDiagnostics(diagnostics),
  junit: ({ diagnostics }) => junitDiagnostics(diagnostics),
};

const lint = (options: LintOptions, terminal: Terminal): number => {
  const { format, fix, unsafe, dryRun } = options;
  if (!fix && (unsafe || dryRun)) return usage(`--${unsafe ? 'unsafe' : 'dry-run'} needs --fix`, terminal);
  if (dryRun) return showFixes(options, terminal);
  const { loaded, refused } = fix ? writeFixes(options, terminal) : { loaded: loadSite(options.config), refused: false };
  terminal.out(RENDERERS[format](loaded, terminal.color));
  if (!fix && format === 'pretty') terminal.err(fixable(loaded));
  return refused ? 2 : exitCode(loaded, options);
};

const usage = (message: string, terminal: Terminal): 2 => {
  terminal.err(`${message}\n`);
  return 2;
};

const exitCode = ({ diagnostics, unreadable }: Loaded, { maxWarnings }: LintOptions): number => {
  if (unreadable) return 2;
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  const errors = diagnostics.some(({ severity }) => severity === 'error');
  return errors || (maxWarnings !== undefined && warnings > maxWarnings) ? 1 : 0;
};

/** What `--fix` would do for these findings. */
const fixable = ({ diagnostics }: Loaded): string => {
  const safe = diagnostics.filter(({ fixes }) => fixes.some((fix) => fix.safe)).length;
  const others = diagnostics.filter(({ fixes }) => fixes.length > 0).length - safe;
  if (safe + others === 0) return '';
  const first = safe === 0 ? '' : `${safe} can be fixed with --fix`;
  const second = others === 0 ? '' : `${others}${safe === 0 ? ' can be fixed' : ' more'} with --fix --unsafe`;
  return `${[first, second].filter((part) => part !== '').join(', ')}\n`;
};

/** What the fixes change, and what would be left; nothing is written. */
const showFixes = (options: LintOptions, terminal: Terminal): number => {
  const { loaded, files, made } = fixSite(options.config, { unsafe: options.unsafe === true });
  terminal.out(files.map(unifiedDiff).join(''));
  terminal.err(`would make ${counted(made, 'fix', 'fixes')} in ${counted(files.length, 'file', 'files')}; left: `);
  terminal.err(`${counted(loaded.diagnostics.length, 'finding', 'findings')}\n`);
  return exitCode(loaded, options);
};

const writeFixes = ({ config, unsafe }: LintOptions, terminal: Terminal): { loaded: Loaded; refused: boolean } => {
  const { loaded, files, made } = fixSite(config, { unsafe: unsafe === true });
  const refused = writeFiles(siteRoot(config), files);
  for (const { path, reason } of refused) terminal.err(`${path} was not written: ${reason}\n`);
  if (refused.length > 0) return { loaded: loadSite(config), refused: true };
  terminal.err(`made ${counted(made, 'fix', 'fixes')} in ${counted(files.length, 'file', 'files')}\n`);
  return { loaded, refused: false };
};

const count = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write a whole number, 0 or more.');
  return Number(text);
};

export const lintCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('lint', 'Check the configuration and the policies.')
      .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('pretty'))
      .option('--max-warnings <n>', 'fail if there are more warnings than this', count)
      .option('--fix', 'write what is meant where that leaves no doubt, and report what is left')
      .option('--unsafe', 'with --fix: also write what is only likely; look at the result')
      .option('--dry-run', 'with --fix: show the changes, and write nothing'),
    terminal,
    lint,
  );
