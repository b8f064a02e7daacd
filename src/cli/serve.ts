import type { Command } from 'commander';
import { loadSite } from '../site/load.ts';
import { serve } from '../site/serve.ts';
import { complain } from './complain.ts';
import { acting, type ConfigOption, siteCommand } from './configured.ts';
import type { Terminal } from './terminal.ts';

const run = async ({ config }: ConfigOption, terminal: Terminal): Promise<number> => {
  const loaded = loadSite(config);
  if (!loaded.site) {
    complain(loaded, terminal);
    return 1;
  }
  return serve({ configPath: config, site: loaded.site, announce: terminal.out });
};

export const serveCommand = (terminal: Terminal): Command =>
  acting(siteCommand('serve', 'Run the relay in the foreground.'), terminal, run);
