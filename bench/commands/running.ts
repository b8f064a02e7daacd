import { spawnSync } from 'node:child_process';
import { cpuOf } from '../mail/cpu.ts';
import type { Round } from '../row.ts';

/** In one round: CPU time of processes that have ended comes in hundredths of a second. */
const TIMES = 3;

/** Milliseconds of CPU that Node takes for these arguments, all processes it starts included. */
const cost = (args: readonly string[]): number => {
  const began = cpuOf(process.pid);
  for (let time = 0; time < TIMES; time++) {
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  }
  return ((cpuOf(process.pid) - began) / TIMES) * 1000;
};

/** A command on the shipped site; the yardstick is Node that starts and does nothing. */
export const running = (words: readonly string[], rounds: number): readonly Round[] => {
  const args = ['dist/cli/main.js', ...words];
  cost(args);
  return Array.from({ length: rounds }, () => ({ ours: cost(args), floor: cost(['-e', '0']) }));
};
