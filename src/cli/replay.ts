import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { loadSite } from '../site/loading/load.ts';
import { judgedEntries } from '../site/replay/read-log.ts';
import { replay as judge } from '../site/replay/replay.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import { replayReport } from './replay/report.ts';
import type { Terminal } from './terminal/terminal.ts';

interface ReplayOptions extends ConfigOption {
  readonly json?: true;
}

const NOTHING = `relayctl: nothing to replay: the log has no line of the event "judged".
Have the relay write them: log: { decisions: …, facts: {} } in config/relay.yaml, then restart it.
`;

const replay = async (options: ReplayOptions, terminal: Terminal, [given]: readonly string[]): Promise<number> => {
  const loaded = loadSite(options.config);
  if (!loaded.site) return complain(loaded, terminal);
  const file = given ?? loaded.site.config.log.decisions;
  if (file === null) {
    terminal.err('relayctl: name the file of a decision log: this site keeps none (log.decisions)\n');
    return 2;
  }
  if (!statSync(file).isFile()) throw new Error(`${file} is not a file`);
  const result = await judge(judgedEntries(file), loaded.site);
  terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : replayReport(result));
  if (result.transactions > 0) return result.different > 0 ? 1 : 0;
  terminal.err(NOTHING);
  return 2;
};

export const replayCommand = (terminal: Terminal): Command =>
  acting(
    siteCommand('replay', 'Judge recorded mail again under the policies of the site, and show what would differ.')
      .argument('[file]', 'decision log of a relay with `log: { facts: {} }`; the default is that of the site')
      .option('--json', 'print JSON'),
    terminal,
    replay,
  );
