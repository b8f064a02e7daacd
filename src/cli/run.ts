import { Command, CommanderError } from 'commander';
import type { Terminal } from './terminal/terminal.ts';
import { safely } from './terminal/visible.ts';
import { VERSION, versionCommand } from './version.ts';

type LoadCommand = () => Promise<(terminal: Terminal) => Command>;

const COMPLETION = 'completion';

/** Loaded when asked for: most commands need little of the program, and are ready at once without the rest. */
const COMMANDS: ReadonlyMap<string, LoadCommand> = new Map([
  ['serve', async () => (await import('./serve.ts')).serveCommand],
  ['lint', async () => (await import('./lint.ts')).lintCommand],
  ['test', async () => (await import('./test.ts')).testCommand],
  ['prove', async () => (await import('./prove.ts')).proveCommand],
  ['explain', async () => (await import('./explain.ts')).explainCommand],
  ['replay', async () => (await import('./replay.ts')).replayCommand],
  ['reload', async () => (await import('./reload.ts')).reloadCommand],
  ['status', async () => (await import('./status.ts')).statusCommand],
  ['queue', async () => (await import('./queue.ts')).queueCommand],
  ['init', async () => (await import('./init.ts')).initCommand],
  ['schema', async () => (await import('./schema.ts')).schemaCommand],
  ['language-server', async () => (await import('./language-server.ts')).languageServerCommand],
  [COMPLETION, async () => (await import('./completion.ts')).completionCommand],
  ['user', async () => (await import('./user.ts')).userCommand],
  ['send', async () => (await import('./send.ts')).sendCommand],
  ['demo', async () => (await import('./demo.ts')).demoCommand],
  ['version', async () => versionCommand],
]);

/** We set exit codes and output ourselves; subcommands inherit neither setting, so each is configured. */
const settle = (command: Command, terminal: Terminal): void => {
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const sub of command.commands) settle(sub, terminal);
};

/** The command that the first word names; all of them for help, and where it names none. The version needs no command. */
const askedFor = ([name = '']: readonly string[]): readonly LoadCommand[] => {
  if (name === '--version') return [];
  const load = name === COMPLETION ? undefined : COMMANDS.get(name);
  return load ? [load] : [...COMMANDS.values()];
};

const program = async (words: readonly string[], terminal: Terminal): Promise<Command> => {
  const relayctl = new Command('relayctl')
    .description('An SMTP relay whose whole policy is YAML.')
    .version(VERSION, '--version', 'print the version')
    .helpCommand(false);
  for (const command of await Promise.all(askedFor(words).map((load) => load()))) relayctl.addCommand(command(terminal));
  settle(relayctl, terminal);
  return relayctl;
};

/** Prints one line; NODE_DEBUG=relayctl adds the stack. */
const report = (error: unknown, terminal: Terminal): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const detail = process.env.NODE_DEBUG?.includes('relayctl') === true && error instanceof Error ? error.stack : null;
  terminal.err(`relayctl: ${detail ?? (error instanceof Error ? error.message : String(error))}\n`);
  return 2;
};

/** Runs one command line (without node and script) and resolves to its exit code. Never rejects. */
export const runCli = async (words: readonly string[], given: Terminal): Promise<number> => {
  const terminal = safely(given);
  try {
    const relayctl = await program(words, terminal);
    await relayctl.parseAsync([...words], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    return report(error, terminal);
  }
};
