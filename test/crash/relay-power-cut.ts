/*
 * Power cuts: a relay at work has its queue on a file system that lives in an image. The moment a client hears
 * 250 the relay is stopped and the image copied: what the kernel had not written to the device by then is not
 * in it. A second relay starts from the copy, with a next hop of its own: what was promised and had not yet
 * arrived must come out there. Needs root. `node --import tsx test/crash/relay-power-cut.ts [cuts]`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, isFine } from './relay/account.ts';
import { crashSite, queueOf } from './relay/crash-site.ts';
import { recordingHop } from './relay/recording-hop.ts';
import { RelayRun } from './relay/relay-run.ts';
import { Senders } from './relay/senders.ts';

const CUTS = Number(process.argv[2] ?? 100);
const TIMEOUT = 20_000;

const run = (command: string, ...args: readonly string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
};

const place = mkdtempSync(join(tmpdir(), 'relayctl-relay-cut-'));
const [image, copy] = [join(place, 'disk'), join(place, 'copy')];
const [root, rootOfCopy] = [join(place, 'site'), join(place, 'site-of-copy')];

const sum = { cuts: 0, promised: 0, 'open at the cuts': 0, lost: 0, altered: 0, back: 0, copies: 0 };
const recoveries: number[] = [];

const makeDisk = (): void => {
  run('dd', 'if=/dev/zero', `of=${image}`, 'bs=1M', 'count=192', 'status=none');
  run('mkfs.ext4', '-q', '-F', image);
  for (const site of [root, rootOfCopy]) mkdirSync(queueOf(site), { recursive: true });
  run('mount', '-o', 'loop', image, queueOf(root));
};

/** The folder's owner is alive, though stopped: in the copy it must count as gone, as after a boot. */
const asAfterBoot = (): void => {
  run('sh', '-c', `for f in ${queueOf(rootOfCopy)}/*@*; do mv "$f" "\${f%@*}@1-1-before"; done`);
};

interface Cut {
  /** Promised, and not arrived. */
  readonly open: readonly string[];
  readonly arrived: ReadonlySet<string>;
  /** Of those, what the relay knew to have arrived. */
  readonly recorded: ReadonlySet<string>;
}

const recover = async (cut: Cut): Promise<void> => {
  const account = new Account();
  const hop = await recordingHop(account);
  crashSite(rootOfCopy, hop.port);
  run('mount', '-o', 'loop', copy, queueOf(rootOfCopy));
  asAfterBoot();
  const relay = new RelayRun({ root: rootOfCopy, account });
  const missing = (): string[] => cut.open.filter((address) => !account.isSettled(address));
  try {
    if (await relay.ready()) recoveries.push(relay.startTime);
    const until = performance.now() + TIMEOUT;
    while (missing().length > 0 && performance.now() < until) await pause(50);
    tally(cut, account, missing());
  } finally {
    relay.kill();
    await relay.ended();
    run('umount', '-l', queueOf(rootOfCopy));
    await hop.close();
  }
};

const tally = (cut: Cut, account: Account, missing: readonly string[]): void => {
  sum.cuts++;
  sum['open at the cuts'] += cut.open.length;
  sum.lost += missing.length;
  if (missing.length > 0) process.stdout.write(`lost: ${missing.join(' ')}\n`);
  sum.altered += account.findings().altered.length;
  sum.back += account.settled().filter((address) => cut.recorded.has(address)).length;
  sum.copies += account.settled().filter((address) => cut.arrived.has(address)).length;
};

/** Stops the relay at the first promise after a while, copies the image, and lets it go on. */
const cutAt = async (relay: RelayRun, account: Account): Promise<Cut> => {
  const pid = relay.child.pid ?? 0;
  await pause(50 + Math.random() * 300);
  await new Promise<void>((resolve) => {
    account.onPromise = () => {
      process.kill(pid, 'SIGSTOP');
      account.onPromise = () => undefined;
      resolve();
    };
  });
  await pause(10);
  relay.hear();
  const arrived = new Set(account.settled());
  const cut = { open: [...account.open()], arrived, recorded: new Set([...arrived].filter((address) => account.isRecorded(address))) };
  run('cp', '--sparse=never', image, copy);
  process.kill(pid, 'SIGCONT');
  return cut;
};

makeDisk();
const account = new Account();
const hop = await recordingHop(account);
crashSite(root, hop.port);
const relay = new RelayRun({ root, account });
const senders = new Senders(account, { count: 10, name: 'p' });
try {
  await relay.ready();
  for (let cut = 0; cut < CUTS; cut++) {
    senders.send(relay.address);
    const made = await cutAt(relay, account);
    senders.send(null);
    await recover(made);
  }
  await senders.stop();
  while (!account.open().next().done) await pause(100);
  const code = await relay.stop();
  const sorted = recoveries.sort((a, b) => a - b);
  const found = account.findings();
  const figures = {
    ...sum,
    promised: found.promised,
    'start to ready, ms': { median: sorted[sorted.length >> 1], longest: sorted.at(-1) },
  };
  process.stdout.write(`${JSON.stringify({ ...figures, refusals: found.refusals, 'exit code': code }, null, 2)}\n`);
  process.exitCode = sum.lost + sum.altered + sum.back === 0 && isFine(found) && code === 0 ? 0 : 1;
} finally {
  relay.kill();
  await relay.ended();
  run('umount', '-l', queueOf(root));
  await hop.close();
  rmSync(place, { recursive: true });
}
process.exit();
