/*
 * A relay whose queue fills its disk, on a small file system. First because the next hop takes nothing: deferrals
 * go on being recorded on the full disk, then the next hop opens and all must drain, without a restart and without
 * help. Then because somebody else fills the disk, and gives it back. Clients may hear 452 and nothing else.
 * `node --import tsx test/crash/relay-full-disk.ts`. Needs root.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, isFine } from './relay/account.ts';
import { crashSite, leftovers, queueOf } from './relay/crash-site.ts';
import { recordingHop } from './relay/recording-hop.ts';
import { RelayRun } from './relay/relay-run.ts';
import { Senders } from './relay/senders.ts';

const root = mkdtempSync(join(tmpdir(), 'relayctl-relay-full-'));
const queue = queueOf(root);
const account = new Account();
const acceptance = { open: false };
const hop = await recordingHop(account, acceptance);
let broken = 0;

const verdict = (what: string, fine: boolean, more: unknown): void => {
  if (!fine) broken++;
  process.stdout.write(`${fine ? 'ok    ' : 'BROKEN'} ${what}: ${JSON.stringify(more)}\n`);
};

const until = async (done: () => boolean, patience: number): Promise<number> => {
  const began = performance.now();
  while (!done() && performance.now() - began < patience) await pause(50);
  return Math.round((performance.now() - began) / 100) / 10;
};

const replies = (): string => [...account.deferrals].map(([reply, count]) => `${count} x ${reply}`).join(', ');
const isFull = (): boolean => account.deferrals.has('452 4.3.1');
const onlyFull = (): boolean => [...account.deferrals.keys()].every((reply) => reply === '452 4.3.1');
const isEmpty = (): boolean => account.open().next().done === true;

/** Takes what is left of the disk. */
const fillUp = (file: string): void => {
  const fd = openSync(file, 'w');
  try {
    for (let count = 0; count < 4_096; count++) writeSync(fd, Buffer.alloc(64 * 1024, 'x'));
  } catch {
    // Full, as it was meant to be.
  }
  closeSync(fd);
};

const byItself = async (): Promise<void> => {
  const filled = await until(isFull, 90_000);
  await pause(15_000);
  verdict('a queue that fills the disk', isFull() && onlyFull() && !relay.hasEnded, {
    filled,
    promised: account.promised,
    replies: replies(),
  });
  senders.send(null);
  acceptance.open = true;
  const drained = await until(isEmpty, 150_000);
  const left = [...account.open()].length;
  verdict('drains when the next hop opens', left === 0, { seconds: drained, left, copies: account.copies });
};

const byAnother = async (): Promise<void> => {
  account.deferrals.clear();
  const file = join(queue, 'of-somebody-else');
  fillUp(file);
  senders.send(relay.address);
  const before = account.promised;
  await until(isFull, 60_000);
  await pause(2_000);
  verdict('somebody else fills the disk', isFull() && onlyFull() && !relay.hasEnded, {
    promised: account.promised - before,
    replies: replies(),
  });
  rmSync(file);
  const then = account.promised;
  const seconds = await until(() => account.promised > then + 100, 20_000);
  verdict('and gives it back', account.promised > then + 100, { seconds });
};

mkdirSync(queue, { recursive: true });
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', queue]);
crashSite(root, hop.port);
const relay = new RelayRun({ root, account });
const senders = new Senders(account, { count: 12, name: 'd' });
try {
  await relay.ready();
  senders.send(relay.address);
  await byItself();
  await byAnother();
  senders.send(null);
  await senders.stop();
  const drained = await until(isEmpty, 100_000);
  await pause(1_000);
  const code = await relay.stop();
  const found = account.findings();
  verdict('every promise was kept', isFine(found), { ...found, drained });
  const left = leftovers(queue);
  verdict('nothing is left in the queue folder', left.length === 0 && code === 0, { left, code });
} finally {
  relay.kill();
  await relay.ended();
  execFileSync('umount', ['-l', queue]);
  await hop.close();
  if (broken === 0) rmSync(root, { recursive: true });
  else process.stdout.write(`${root}\n`);
}
process.exit(broken > 0 ? 1 : 0);
