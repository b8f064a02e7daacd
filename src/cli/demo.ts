import { Command } from 'commander';
import { playDemo } from './demo/play.ts';
import { demoTable } from './demo/table.ts';
import type { Terminal } from './terminal/terminal.ts';

export const demoCommand = (terminal: Terminal): Command =>
  new Command('demo')
    .description('Play some sessions against a relay with the shipped rules and show what becomes of them.')
    .action(async () => terminal.out(demoTable(await playDemo(), terminal.color)));
