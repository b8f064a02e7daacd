/*
 * A power cut: the store writes into a file system that lives in an image on a loop device. At a random
 * moment the writer is stopped, what it was promised until then is heard, and the image is copied: what the
 * kernel had not yet written to the device is not in it. The copy is mounted and looked through. Needs root.
 * `node --import tsx test/crash/power-cut.ts [cuts]`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WriterRun } from './process.ts';
import { type Findings, Promises } from './promises.ts';

const CUTS = Number(process.argv[2] ?? 100);

const run = (command: string, ...args: readonly string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

const place = mkdtempSync(join(tmpdir(), 'relayctl-cut-'));
const image = join(place, 'disk');
const copy = join(place, 'copy');
const [mounted, looked] = [join(place, 'mounted'), join(place, 'looked')];
const sum = { cuts: 0, 'with new promises': 0, lost: 0, altered: 0, back: 0, orphans: 0, untold: 0, 'slowest recovery, ms': 0 };

const tally = (findings: Findings, news: boolean): void => {
  sum.cuts++;
  if (news) sum['with new promises']++;
  sum.lost += findings.lost.length;
  sum.altered += findings.altered.length;
  sum.back += findings.back.length;
  sum.orphans += findings.orphans;
  sum.untold += findings.untold;
  sum['slowest recovery, ms'] = Math.max(sum['slowest recovery, ms'], findings.recovery);
};

const makeDisk = (): void => {
  run('dd', 'if=/dev/zero', `of=${image}`, 'bs=1M', 'count=96', 'status=none');
  run('mkfs.ext4', '-q', '-F', image);
  mkdirSync(mounted, { recursive: true });
  mkdirSync(looked, { recursive: true });
  run('mount', '-o', 'loop', image, mounted);
};

/** The folder's owner is alive, though stopped: in the copy it must count as gone, as after a boot. */
const lookThrough = async (promises: Promises): Promise<Findings> => {
  run('mount', '-o', 'loop', copy, looked);
  try {
    execFileSync('sh', ['-c', `for f in ${looked}/queue/*@*; do mv "$f" "\${f%@*}@1-1-before"; done`]);
    return await promises.check(join(looked, 'queue'));
  } finally {
    run('umount', looked);
  }
};

const promises = new Promises();
const cut = async (writer: WriterRun, pid: number): Promise<void> => {
  const before = promises.words;
  await pause(20 + Math.random() * 80);
  process.kill(pid, 'SIGSTOP');
  await pause(5);
  writer.hear();
  run('cp', '--sparse=never', image, copy);
  process.kill(pid, 'SIGCONT');
  tally(await lookThrough(promises.copy()), promises.words > before);
};

makeDisk();
const writer = new WriterRun({ path: join(mounted, 'queue'), prefix: 'p', promises });
try {
  await writer.ready();
  if (writer.child.pid === undefined) throw new Error('the writer did not start');
  for (let round = 0; round < CUTS; round++) await cut(writer, writer.child.pid);
  process.stdout.write(`${JSON.stringify(sum, null, 2)}\n`);
} finally {
  writer.kill();
  await writer.ended();
  run('umount', mounted);
  rmSync(place, { recursive: true });
}
process.exitCode = sum.lost + sum.altered + sum.back + sum.orphans > 0 ? 1 : 0;
