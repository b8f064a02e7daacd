import { Command, CommanderError } from 'commander';
import { demoCommand } from './demo.ts';
import { explainCommand } from './explain.ts';
import { initCommand } from './init.ts';
import { lintCommand } from './lint.ts';
import { queueCommand } from './queue.ts';
import { reloadCommand } from './reload.ts';
import { schemaCommand } from './schema.ts';
import { sendCommand } from './send.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import type { Terminal } from './terminal.ts';
import { testCommand } from './test.ts';
import { userCommand } from './user.ts';
import { VERSION } from './version.ts';

const COMMANDS = [
  serveCommand,
  lintCommand,
  testCommand,
  explainCommand,
  reloadCommand,
  statusCommand,
  queueCommand,
  initCommand,
  schemaCommand,
  userCommand,
  sendCommand,
  demoCommand,
] as const;

/** Exit codes are ours to decide, and output is the terminal's; subcommands inherit neither, so each is told. */
const settle = (command: Command, terminal: Terminal): void => {
  command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  for (const sub of command.commands) settle(sub, terminal);
};

const program = (terminal: Terminal): Command => {
  const relayctl = new Command('relayctl')
    .description('An SMTP relay whose whole policy is YAML.')
    .version(VERSION, '--version', 'print the version')
    .helpCommand(false);
  for (const command of COMMANDS) relayctl.addCommand(command(terminal));
  settle(relayctl, terminal);
  return relayctl;
};

/** People get one line; whoever wants the stack sets NODE_DEBUG=relayctl. */
const report = (error: unknown, terminal: Terminal): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const detail = process.env.NODE_DEBUG?.includes('relayctl') === true && error instanceof Error ? error.stack : null;
  terminal.err(`relayctl: ${detail ?? (error instanceof Error ? error.message : String(error))}\n`);
  return 2;
};

/** Runs one command line (without node and script) and resolves to its exit code. Never rejects. */
export const runCli = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    await program(terminal).parseAsync([...words], { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    return report(error, terminal);
  }
};
