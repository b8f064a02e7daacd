import type { Command } from 'commander';
import { loadSite } from '../site/loading/load.ts';
import { serve } from '../site/serve.ts';
import { type SiteSnapshot, snapshotOf } from '../site/snapshots/snapshot.ts';
import { runTests } from '../site/testing/run-tests.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal/terminal.ts';
import { testLines } from './test-report/pretty.ts';

/** A site that a reload would refuse does not start either: the tests beside its rules have to hold. */
const prepare = async (config: string, terminal: Terminal): Promise<SiteSnapshot | null> => {
  const loaded = loadSite(config);
  if (!loaded.site) {
    complain(loaded, terminal);
    return null;
  }
  const report = await runTests(loaded.site);
  if (report.failed === 0) return snapshotOf(loaded.site);
  const { failures, count } = testLines(report, terminal.color);
  terminal.err([...failures, count, ''].join('\n'));
  terminal.err('relayctl: not starting: policy tests fail\n');
  return null;
};

const run = ({ config }: ConfigOption, terminal: Terminal): Promise<number> =>
  serve({ configPath: config, prepare: () => prepare(config, terminal), announce: terminal.out });

export const serveCommand = (terminal: Terminal): Command =>
  acting(siteCommand('serve', 'Run the relay in the foreground.'), terminal, run);
