/*
 * Kills a process that writes into a store, again and again: at random moments, and at the n-th call of each
 * system call of the accept path (strace injects the signal). After each death another process takes the
 * store over and what was promised is looked for. `node --import tsx test/crash/kill.ts [random kills]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WriterRun } from './process.ts';
import { type Findings, Promises } from './promises.ts';

const RANDOM = Number(process.argv[2] ?? 60);

/** The n-th call of a thread: what only a store calls from the first on, what Node calls to load itself later. */
const INJECTIONS: readonly (readonly [calls: readonly string[], when: readonly number[]])[] = [
  [
    ['pwritev', 'pwrite64', 'fdatasync', 'fsync', 'rename', 'unlink', 'ftruncate'],
    [1, 2, 3, 5, 9, 17],
  ],
  [
    ['openat', 'close', 'write', 'mkdir'],
    [30, 100, 300, 1_000],
  ],
];

const sum = {
  deaths: 0,
  'lived to the end': 0,
  promises: 0,
  kept: 0,
  lost: 0,
  altered: 0,
  back: 0,
  untold: 0,
  orphans: 0,
  corrupt: 0,
  'slowest recovery, ms': 0,
};

const tally = (findings: Findings, writer: WriterRun): void => {
  sum[writer.child.exitCode === 0 ? 'lived to the end' : 'deaths']++;
  sum.kept += findings.kept;
  sum.lost += findings.lost.length;
  sum.altered += findings.altered.length;
  sum.back += findings.back.length;
  sum.untold += findings.untold;
  sum.orphans += findings.orphans;
  sum.corrupt = findings.corrupt;
  sum['slowest recovery, ms'] = Math.max(sum['slowest recovery, ms'], findings.recovery);
};

/** Dies at the n-th call, or lives to its end if there are not as many. */
const injected = async (call: string, nth: number): Promise<void> => {
  const under = ['strace', '-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
  const writer = new WriterRun({ path, prefix: `${call}${nth}`, promises, most: 300, under });
  const slow = setTimeout(() => writer.kill(), 20_000);
  await writer.ended();
  clearTimeout(slow);
  tally(await promises.check(path), writer);
};

const path: string = await mkdtemp(join(tmpdir(), 'relayctl-kill-'));
const promises = new Promises();
try {
  for (let round = 0; round < RANDOM; round++) {
    const writer = new WriterRun({ path, prefix: `r${round}`, promises });
    await writer.ready();
    await pause(Math.random() * 300);
    writer.kill();
    await writer.ended();
    tally(await promises.check(path), writer);
  }
  for (const [calls, when] of INJECTIONS) for (const call of calls) for (const nth of when) await injected(call, nth);
  sum.promises = promises.words;
  process.stdout.write(`${JSON.stringify(sum, null, 2)}\n`);
} finally {
  await rm(path, { recursive: true, force: true });
}
process.exitCode = sum.lost + sum.altered + sum.back + sum.orphans > 0 ? 1 : 0;
