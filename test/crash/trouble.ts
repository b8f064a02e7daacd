/*
 * Disks that fail: each system call of the accept path fails once or for a while, with EIO and with ENOSPC
 * (strace injects it), and a file system of 12 MB runs full. Looked for: rejections instead of deaths,
 * messages accepted again when the trouble is over without a restart, and every promise kept.
 * `node --import tsx test/crash/trouble.ts`. Needs root for the small file system.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/queue/journal/store.ts';
import { WriterRun } from './process.ts';
import { Promises } from './promises.ts';
import { addSample, SEGMENT_SIZE } from './sample.ts';

const CALLS = ['pwritev', 'pwrite64', 'fdatasync', 'fsync', 'rename', 'ftruncate', 'unlink'];
const ERRORS = ['EIO', 'ENOSPC'];
const WHEN = ['2', '3..6', '5+7'];

let broken = 0;

const verdict = (what: string, fine: boolean, more: string): void => {
  if (!fine) broken++;
  process.stdout.write(`${fine ? 'ok    ' : 'BROKEN'} ${what}: ${more}\n`);
};

const inject = async (call: string, error: string, when: string): Promise<void> => {
  const path = mkdtempSync(join(tmpdir(), 'relayctl-trouble-'));
  const promises = new Promises();
  const under = ['strace', '-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${when}`];
  const writer = new WriterRun({ path, prefix: call, promises, most: 600, under });
  const slow = setTimeout(() => writer.kill(), 60_000);
  await writer.ended();
  clearTimeout(slow);
  const found = await promises.check(path);
  const bad = found.lost.length + found.altered.length + found.back.length + found.orphans;
  const alive = writer.child.exitCode === 0 || promises.words === 0;
  const more = `${promises.words} words, ${promises.rejected.length} rejected, ${found.lost.length} lost, ${found.altered.length} altered, ${found.back.length} back, ${found.orphans} orphans, exit ${writer.child.exitCode}`;
  verdict(`${call} ${error} at ${when}`, bad === 0 && alive, more);
  rmSync(path, { recursive: true });
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

const fullDisk = async (): Promise<void> => {
  const disk = mkdtempSync(join(tmpdir(), 'relayctl-full-'));
  mkdirSync(disk, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
  try {
    const store = await openStore({ path: join(disk, 'queue'), segmentSize: SEGMENT_SIZE, report: () => {} });
    const accepted: string[] = [];
    let refusal = '';
    for (let count = 0; refusal === '' && count < 20_000; count++)
      await addSample(store, `full-${count}`).then(
        () => accepted.push(`full-${count}`),
        (error: unknown) => {
          refusal = codeOf(error);
        },
      );
    verdict('a full disk refuses', refusal === 'ENOSPC', `${accepted.length} accepted, then ${refusal}`);
    const updated = await Promise.allSettled(accepted.slice(0, 300).map((id) => updateAgain(id)));
    verdict(
      'outcomes are written on a full disk',
      updated.every(({ status }) => status === 'fulfilled'),
      `${updated.length} updates`,
    );
    await Promise.all(accepted.slice(0, -20).map((id) => store.remove(id)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const again = await addSample(store, 'again').then(() => 'accepted', codeOf);
    verdict('space that is free again is used', again === 'accepted', again);
    await store.close();

    const updateAgain = async (id: string): Promise<void> => {
      const record = await store.get(id);
      if (!record) throw new Error(`${id} is gone`);
      await store.update(record);
    };
  } finally {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  }
};

await fullDisk();
for (const call of CALLS) for (const error of ERRORS) for (const when of WHEN) await inject(call, error, when);
process.exitCode = broken > 0 ? 1 : 0;
