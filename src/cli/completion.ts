import { Argument, Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import { type CommandWords, wordsOf } from './completion/words.ts';
import { zshScript } from './completion/zsh.ts';
import type { Terminal } from './terminal/terminal.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } satisfies Record<string, (all: readonly CommandWords[]) => string>;

/** Asks its parent for all commands, so it needs them loaded. */
export const completionCommand = (terminal: Terminal): Command => {
  const command = new Command('completion').description('Print a script that completes commands and options in a shell.');
  return command.addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS))).action((shell: keyof typeof SCRIPTS) => {
    terminal.out(SCRIPTS[shell](wordsOf(command.parent ?? command)));
  });
};
