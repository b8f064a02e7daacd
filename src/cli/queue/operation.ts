import type { Command } from 'commander';
import type { QueueAdministration } from '../../queue/administration.ts';
import type { RelayConfig } from '../../site/config/config.ts';
import { queueStorage } from '../../site/config/queue-storage.ts';
import { readConfig } from '../../site/config/read.ts';
import { type ConfigOption, siteCommand } from '../configured.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** One `relayctl queue …` as given. */
export interface Operation {
  readonly config: RelayConfig;
  readonly queue: QueueAdministration;
  readonly ids: readonly string[];
  readonly json: boolean;
  readonly all: boolean;
  readonly terminal: Terminal;
}

interface QueueOptions extends ConfigOption {
  readonly json?: true;
  readonly all?: true;
}

const configured = (configPath: string): RelayConfig => {
  const { config, diagnostics } = readConfig(configPath);
  if (config) return config;
  throw new Error(diagnostics[0]?.message ?? `cannot read ${configPath}`);
};

export const queueOperation = (name: string, description: string): Command => siteCommand(name, description).option('--json', 'print JSON');

/** Lets `work` run when the command is given; the exit code is 1 for all that goes wrong. */
export const working = (command: Command, terminal: Terminal, work: (operation: Operation) => Promise<number>): Command =>
  command.action(async () => {
    const { config, json, all } = command.opts<QueueOptions>();
    try {
      const site = configured(config);
      const given = { config: site, queue: queueStorage(site), ids: command.args, json: json === true, all: all === true, terminal };
      terminal.exitCode = await work(given);
    } catch (error) {
      terminal.err(`relayctl: ${error instanceof Error ? error.message : String(error)}\n`);
      terminal.exitCode = 1;
    }
  });
