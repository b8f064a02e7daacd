#!/usr/bin/env node
import { runCli } from './run.ts';
import { processTerminal } from './terminal.ts';

// Whoever reads our output may have seen enough (`| head`): no fault, and no reason for a relay to end.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
