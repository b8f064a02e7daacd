import { type Command, Option } from 'commander';
import { loadSite } from '../site/load.ts';
import type { TestReport } from '../site/testing/result.ts';
import { runTests } from '../site/testing/run-tests.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal.ts';
import { jsonReport } from './test-report/json.ts';
import { junitReport } from './test-report/junit.ts';
import { prettyReport } from './test-report/pretty.ts';

type Format = 'pretty' | 'json' | 'junit';

interface TestOptions extends ConfigOption {
  readonly filter?: string;
  readonly format: Format;
}

const RENDERERS: Readonly<Record<Format, (report: TestReport, color: boolean) => string>> = {
  pretty: prettyReport,
  json: jsonReport,
  junit: junitReport,
};

const test = async ({ config, filter, format }: TestOptions, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(config);
  if (!loaded.site) return complain(loaded, terminal);
  const report = await runTests(loaded.site, filter);
  terminal.out(RENDERERS[format](report, terminal.color));
  if (report.results.length === 0) terminal.err('relayctl: there are no such tests\n');
  return report.failed > 0 || report.results.length === 0 ? 1 : 0;
};

export const testCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('test', 'Run the tests that stand beside the rules.')
      .option('--filter <text>', 'only tests whose name or file contains it')
      .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json', 'junit']).default('pretty')),
    terminal,
    test,
  );
