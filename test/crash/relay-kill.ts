/*
 * Kills a whole relay, again and again, between clients that send all the time and a next hop that takes,
 * defers and refuses: at random moments, at the n-th call of each system call of the accept and the delivery
 * path while it works, and of those of its start. Then every promise is looked for at the next hop.
 * Of a relay of several processes single workers are killed too. Needs `npm run build`.
 * `node --import tsx test/crash/relay-kill.ts [random kills] [rounds of injection] [workers]`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, isFine } from './relay/account.ts';
import { crashSite, leftovers, queueOf } from './relay/crash-site.ts';
import { recordingHop } from './relay/recording-hop.ts';
import { type Injection, RelayRun } from './relay/relay-run.ts';
import { Senders } from './relay/senders.ts';

const [random = 40, rounds = 3, workers = 1] = process.argv.slice(2).map(Number);

/** Of a relay at work: the journal, body files, and sockets on both sides. */
const AT_WORK = [
  'pwritev',
  'pwrite64',
  'fdatasync',
  'fsync',
  'openat',
  'close',
  'unlink',
  'read',
  'write',
  'writev',
  'connect',
  'accept4',
  'shutdown',
  'epoll_ctl',
];
/** Of one that takes over what the last one left. */
const AT_START: readonly (readonly [call: string, nth: number])[] = [
  ['rename', 1],
  ['fsync', 1],
  ['fsync', 2],
  ['pwritev', 1],
  ['mkdir', 3],
  ['bind', 1],
  ['unlink', 1],
  ['fdatasync', 1],
];

const root = mkdtempSync(join(tmpdir(), 'relayctl-relay-kill-'));
const account = new Account();
const hop = await recordingHop(account);
crashSite(root, hop.port, workers);
const senders = new Senders(account, { count: 20, name: 'k' });
const starts: number[] = [];
const deaths: Record<string, number> = {};
let mostCopies = 0;
let mostInFlight = 0;
let inFlight = 0;
let workerDeaths = 0;

/** A life of the relay; `end` makes it end. The name says how it died. */
const life = async (name: string, end: (run: RelayRun) => Promise<void>, injected?: Injection): Promise<void> => {
  const copies = account.copies;
  const run = new RelayRun({ root, account, ...(injected ? { injected } : {}) });
  if (await run.ready()) {
    if (!injected) starts.push(run.startTime);
    senders.send(run.address);
    await end(run);
  }
  const byItself = run.hasEnded;
  run.kill();
  await run.ended();
  senders.send(null);
  const how = injected || byItself ? name : 'random';
  deaths[how] = (deaths[how] ?? 0) + 1;
  mostCopies = Math.max(mostCopies, account.copies - copies);
  const unrecorded = account.lifeEnded();
  inFlight += unrecorded;
  mostInFlight = Math.max(mostInFlight, unrecorded);
};

const killWorker = (run: RelayRun): void => {
  const pids = run.workers();
  const pid = pids[Math.floor(Math.random() * pids.length)];
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  workerDeaths++;
};

const randomly = (): Promise<void> =>
  life('by itself', async (run) => {
    for (let count = 1; count < workers; count++) {
      await pause(Math.random() * 1_200);
      killWorker(run);
    }
    await pause(Math.random() * 1_200);
  });

const atCall = (call: string, nth: number): Promise<void> =>
  life(call, async (run) => {
    await pause(100);
    await run.inject({ call, what: `signal=SIGKILL:when=${nth}` });
    for (let waited = 0; waited < 3_000 && !run.hasEnded; waited += 20) await pause(20);
  });

const atStart = (call: string, nth: number): Promise<void> =>
  life(`start ${call}`, () => pause(1_500), { call, what: `signal=SIGKILL:when=${nth}` });

/** Lives until nothing is open any more, then stops in good order. */
const lastLife = async (): Promise<{ readonly code: number | null; readonly seconds: number }> => {
  const began = performance.now();
  const run = new RelayRun({ root, account });
  await run.ready();
  while (performance.now() - began < 90_000 && !account.open().next().done) await pause(200);
  await pause(1_500);
  const code = await run.stop();
  return { code, seconds: Math.round((performance.now() - began) / 100) / 10 };
};

const seconds = (milliseconds: number | undefined): number => Math.round((milliseconds ?? 0) / 10) / 100;

try {
  for (let kill = 0; kill < random; kill++) await randomly();
  for (let round = 0; round < rounds; round++)
    for (const call of AT_WORK) await atCall(call, 1 + Math.floor(Math.random() * 10 ** (round % 3)));
  if (rounds > 0) for (const [call, nth] of AT_START) await atStart(call, nth);
  await senders.stop();
  const { code, seconds: emptied } = await lastLife();
  const found = account.findings();
  const left = leftovers(queueOf(root));
  const sorted = starts.sort((a, b) => a - b);
  const figures = {
    deaths: Object.values(deaths).reduce((sum, count) => sum + count, 0),
    'deaths of single workers': workerDeaths,
    ...found,
    'most copies of one kill': mostCopies,
    'arrived, not known to be recorded, at all kills': inFlight,
    'and at one of them': mostInFlight,
    'left in the queue folder': left,
    'start to ready, s': { median: seconds(sorted[sorted.length >> 1]), longest: seconds(sorted.at(-1)) },
    'last life, s': emptied,
    'exit code of the last': code,
    deferrals: Object.fromEntries(account.deferrals),
    by: deaths,
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  process.exitCode = isFine(found) && found.copies <= inFlight && left.length === 0 && code === 0 ? 0 : 1;
} finally {
  await hop.close();
  if (process.exitCode === 0) rmSync(root, { recursive: true });
  else process.stdout.write(`${root}: ${readFileSync(join(root, 'log'), 'utf8').slice(-2_000)}\n`);
}
process.exit();
