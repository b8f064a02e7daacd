import type { Command, Option } from 'commander';

/** An option as shells complete it. */
export interface OptionWords {
  /** `-c`, `--config`. */
  readonly names: readonly string[];
  readonly doc: string;
  /** What may stand behind it; `file` where nothing else is known, `null` where nothing may. */
  readonly takes: readonly string[] | 'file' | null;
}

/** A command as shells complete it. */
export interface CommandWords {
  /** Behind `relayctl`: `['queue', 'list']`; empty for relayctl itself. */
  readonly path: readonly string[];
  readonly doc: string;
  readonly commands: readonly { readonly name: string; readonly doc: string }[];
  readonly options: readonly OptionWords[];
  /** Words of its arguments, where they are a choice. */
  readonly choices: readonly string[];
}

const optionWords = ({ short, long, description, required, optional, argChoices }: Option): OptionWords => ({
  names: [short, long].filter((name) => name !== undefined),
  doc: description,
  takes: required || optional ? (argChoices ?? 'file') : null,
});

const HELP: OptionWords = { names: ['-h', '--help'], doc: 'display help for command', takes: null };

/** A command and all below it. */
export const wordsOf = (command: Command, path: readonly string[] = []): readonly CommandWords[] => [
  {
    path,
    doc: command.description(),
    commands: command.commands.map((sub) => ({ name: sub.name(), doc: sub.description() })),
    options: [...command.options.filter(({ hidden }) => !hidden).map(optionWords), HELP],
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  },
  ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()])),
];
