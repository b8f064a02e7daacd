import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadSite } from '../site/loading/load.ts';
import { type Coverage, coverageOf } from '../site/testing/coverage.ts';
import type { TestReport } from '../site/testing/result.ts';
import { runTests } from '../site/testing/run-tests.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';
import { jsonReport } from './test-report/json.ts';
import { junitReport } from './test-report/junit.ts';
import { prettyReport } from './test-report/pretty.ts';

type Format = 'pretty' | 'json' | 'junit';

interface TestOptions extends ConfigOption {
  readonly filter?: string;
  readonly coverage?: true;
  readonly minCoverage?: number;
  readonly format: Format;
}

const RENDERERS: Readonly<Record<Format, (report: TestReport, coverage: Coverage | null, color: boolean) => string>> = {
  pretty: prettyReport,
  json: jsonReport,
  junit: (report) => junitReport(report),
};

const passes = ({ failed, results }: TestReport, coverage: Coverage | null, { minCoverage = 0 }: TestOptions): boolean =>
  failed === 0 && results.length > 0 && (coverage === null || coverage.percent >= minCoverage);

const test = async (options: TestOptions, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(options.config);
  if (!loaded.site) return complain(loaded, terminal);
  const report = await runTests(loaded.site, options.filter);
  const wanted = options.coverage === true || options.minCoverage !== undefined;
  const coverage = wanted ? coverageOf(loaded.site.files, report) : null;
  terminal.out(RENDERERS[options.format](report, coverage, terminal.color));
  if (report.results.length === 0) terminal.err('relayctl: no tests match\n');
  return passes(report, coverage, options) ? 0 : 1;
};

const percent = (text: string): number => {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number > 100) throw new InvalidArgumentError('Write a percentage from 0 to 100.');
  return number;
};

export const testCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('test', 'Run the tests in the policy files.')
      .option('--filter <text>', 'run only tests whose name or file contains this text')
      .option('--coverage', 'list grants, rules and routes that matched in no test')
      .option('--min-coverage <percent>', 'fail if fewer of them matched', percent)
      .addOption(new Option('--format <format>', 'output format').choices(['pretty', 'json', 'junit']).default('pretty')),
    terminal,
    test,
  );
