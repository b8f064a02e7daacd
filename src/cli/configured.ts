import { Command } from 'commander';
import type { Terminal } from './terminal/terminal.ts';

export interface ConfigOption {
  readonly config: string;
}

/** Does the work and resolves to the exit code. `words`: the arguments that are not options. */
export type Action<Options> = (options: Options, terminal: Terminal, words: readonly string[]) => number | Promise<number>;

/** A command that works on a site: it has `-c`, like all of them. */
export const siteCommand = (name: string, description: string): Command =>
  new Command(name).description(description).option('-c, --config <file>', 'configuration of the site', 'config/relay.yaml');

/** Lets `action` run when the command is given, and its result become the exit code. */
export const acting = <Options>(command: Command, terminal: Terminal, action: Action<Options>): Command =>
  command.action(async () => {
    terminal.exitCode = await action(command.opts<Options & Record<string, unknown>>(), terminal, command.args);
  });
