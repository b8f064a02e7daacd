#!/usr/bin/env node
import { isBounded, runBounded } from './bounded.ts';

// The reader of our output may have seen enough (`| head`): not an error, and no reason for a relay to stop.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

const words = process.argv.slice(2);

/** Loaded only where the work is done: the process that watches over it needs nothing of it. */
const run = async (): Promise<number> => {
  const [{ runCli }, { processTerminal }] = await Promise.all([import('./run.ts'), import('./terminal/terminal.ts')]);
  return runCli(words, processTerminal());
};

const runInBounds = async (): Promise<number> => {
  const { code, reason } = await runBounded(import.meta.filename, words);
  if (reason !== null) process.stderr.write(`relayctl: ${reason}\n`);
  return code;
};

process.exitCode = isBounded(words) ? await runInBounds() : await run();
