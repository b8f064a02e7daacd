import type { Command } from 'commander';
import { loadSite } from '../site/loading/load.ts';
import { serve } from '../site/serve.ts';
import { runTests } from '../site/testing/run-tests.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal.ts';
import { prettyReport } from './test-report/pretty.ts';

/** A site that a reload would refuse does not start either: the tests beside its rules have to hold. */
const run = async ({ config }: ConfigOption, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(config);
  if (!loaded.site) {
    complain(loaded, terminal);
    return 1;
  }
  const report = await runTests(loaded.site);
  if (report.failed > 0) {
    terminal.err(prettyReport(report, null, terminal.color));
    terminal.err('relayctl: not starting: policy tests fail\n');
    return 1;
  }
  return serve({ configPath: config, site: loaded.site, announce: terminal.out });
};

export const serveCommand = (terminal: Terminal): Command =>
  acting(siteCommand('serve', 'Run the relay in the foreground.'), terminal, run);
