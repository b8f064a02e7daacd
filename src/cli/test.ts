import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../policy/quantity.ts';
import { loadSite, type Site } from '../site/loading/load.ts';
import { mutate } from '../site/testing/mutation/mutate.ts';
import { type TestedSite, testSite } from '../site/testing/test-site.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';
import { jsonReport } from './test-report/json.ts';
import { junitReport } from './test-report/junit.ts';
import { lcovReport } from './test-report/lcov.ts';
import { mutationJson, mutationReport } from './test-report/mutation.ts';
import { prettyReport } from './test-report/pretty.ts';
import type { Reported } from './test-report/reported.ts';

type Format = 'pretty' | 'json' | 'junit';

interface TestOptions extends ConfigOption {
  readonly filter?: string;
  readonly coverage?: true;
  readonly minCoverage?: number;
  readonly lcov?: string;
  readonly unknown?: true;
  readonly writeTests?: true;
  readonly mutate?: number | true;
  readonly seed: number;
  readonly format: Format;
}

const RENDERERS: Readonly<Record<Format, (reported: Reported, color: boolean) => string>> = {
  pretty: prettyReport,
  json: jsonReport,
  junit: junitReport,
};

const passes = ({ report, findings, coverage }: Reported, { minCoverage = 0 }: TestOptions): boolean =>
  report.failed === 0 && report.results.length > 0 && findings.length === 0 && (coverage === null || coverage.percent >= minCoverage);

/** Rules that let mail pass when unknown do what the language says: told of where it was asked for. */
const reportedOf = ({ report, sweep, coverage, witnesses }: TestedSite, thorough: boolean): Reported => {
  const findings = sweep.findings.filter(({ fault }) => thorough || fault !== 'passes');
  return { report, sweep, findings, coverage, witnesses, thorough };
};

const writeLcov = (path: string, { coverage }: Reported, site: Site): void => {
  if (coverage) writeFileSync(path, lcovReport(coverage, { root: site.config.root, from: process.cwd() }));
};

const A_MINUTE = 60_000;

const mutated = async (site: Site, { mutate: time, seed, format }: TestOptions, { color }: Terminal): Promise<string> => {
  const mutation = await mutate(site, { seed, time: typeof time === 'number' ? time : A_MINUTE });
  return format === 'json' ? mutationJson(mutation) : mutationReport(mutation, color);
};

const test = async (options: TestOptions, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(options.config);
  if (!loaded.site) return complain(loaded, terminal);
  const { filter, lcov, unknown = false, writeTests: witnesses = false } = options;
  const coverage = options.coverage === true || options.minCoverage !== undefined || lcov !== undefined || witnesses;
  const reported = reportedOf(await testSite(loaded.site, { filter, coverage, unknown, witnesses }), unknown);
  terminal.out(RENDERERS[options.format](reported, terminal.color));
  if (options.mutate !== undefined && reported.report.failed === 0) terminal.out(await mutated(loaded.site, options, terminal));
  if (lcov !== undefined) writeLcov(lcov, reported, loaded.site);
  if (reported.report.results.length === 0) terminal.err('relayctl: no tests match\n');
  return passes(reported, options) ? 0 : 1;
};

const duration = (text: string): number => {
  const milliseconds = parseDuration(text);
  if (milliseconds === null) throw new InvalidArgumentError('Write a duration such as 5m.');
  return milliseconds;
};

const whole = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
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
      .option('--coverage', 'list what rules and the parts of their conditions came out as in no test')
      .option('--min-coverage <percent>', 'fail if less of it is covered', percent)
      .option('--lcov <file>', 'write the coverage to this file, for editors and CI')
      .option('--write-tests', 'print a test for all that is not covered and a session is found for')
      .option('--unknown', 'run each test again with its look-ups and counts unknown, alone and in pairs')
      .option(
        '--mutate [time]',
        'break the policies in plausible ways for this long (1m), and show what neither tests nor lint notice',
        duration,
      )
      .option('--seed <number>', 'order of the breakages that --mutate tries', whole, 1)
      .addOption(new Option('--format <format>', 'output format').choices(['pretty', 'json', 'junit']).default('pretty')),
    terminal,
    test,
  );
