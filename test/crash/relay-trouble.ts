/*
 * A relay on a disk that fails: while it works, each system call of the accept and the delivery path fails for a
 * while, with EIO and with ENOSPC (strace injects it). Looked for: 451 and 452 as it should be and never 5xx, the
 * same process well again afterwards, and every promise kept. `node --import tsx test/crash/relay-trouble.ts`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, isFine } from './relay/account.ts';
import { crashSite, leftovers, queueOf } from './relay/crash-site.ts';
import { recordingHop } from './relay/recording-hop.ts';
import { RelayRun } from './relay/relay-run.ts';
import { Senders } from './relay/senders.ts';

/** Files only, then those that sockets use too. */
const CALLS = ['pwritev', 'pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename', 'unlink', 'openat', 'pread64', 'writev', 'connect'];
const ONLY = process.argv.find((word) => word.startsWith('--only='))?.slice(7);
const ERRORS = ['EIO', 'ENOSPC'];
const WHEN = process.argv.includes('--short') ? ['1..4'] : ['1', '1..8', '1+3'];
const FOR = 1_500;
const TIMEOUT = 20_000;

/** What a client may hear when the disk fails in this way; sockets fail without a word. */
const FITTING: Readonly<Record<string, string>> = { EIO: '451 4.3.0', ENOSPC: '452 4.3.1' };

const root = mkdtempSync(join(tmpdir(), 'relayctl-relay-trouble-'));
const account = new Account();
const hop = await recordingHop(account);
crashSite(root, hop.port);
let relay = new RelayRun({ root, account });
let broken = 0;

const verdict = (what: string, fine: boolean, more: string): void => {
  if (!fine) broken++;
  process.stdout.write(`${fine ? 'ok    ' : 'BROKEN'} ${what}: ${more}\n`);
};

/** A promise is made within the time. */
const isWell = async (): Promise<boolean> => {
  const before = account.promised;
  for (let waited = 0; waited < TIMEOUT && account.promised < before + 20; waited += 50) await pause(50);
  return account.promised >= before + 20;
};

const inject = async (call: string, error: string, when: string): Promise<void> => {
  account.deferrals.clear();
  const before = account.promised;
  await relay.inject({ call, what: `error=${error}:when=${when}` });
  await pause(FOR);
  await relay.release();
  const during = account.promised - before;
  const well = await isWell();
  const replies = [...account.deferrals].map(([reply, count]) => `${count} x ${reply}`).join(', ') || 'none';
  const fitting = [...account.deferrals.keys()].every((reply) => reply === FITTING[error]);
  verdict(
    `${call} ${error} at ${when}`,
    well && fitting && !relay.hasEnded,
    `${during} accepted, deferrals: ${replies}${well ? '' : ', not well again'}`,
  );
  if (relay.hasEnded) await again();
};

const again = async (): Promise<void> => {
  await relay.ended();
  relay = new RelayRun({ root, account });
  await relay.ready();
  senders.send(relay.address);
};

const senders = new Senders(account, { count: 8, name: 't' });
try {
  await relay.ready();
  senders.send(relay.address);
  for (const call of ONLY?.split(',') ?? CALLS) for (const error of ERRORS) for (const when of WHEN) await inject(call, error, when);
  senders.send(null);
  await senders.stop();
  const until = performance.now() + 100_000;
  while (performance.now() < until && !account.open().next().done) await pause(200);
  await pause(1_000);
  const code = await relay.stop();
  const found = account.findings();
  const left = leftovers(queueOf(root));
  verdict('every promise was kept', isFine(found), JSON.stringify(found));
  verdict('nothing is left in the queue folder', left.length === 0 && code === 0, `${left.join(' ')} exit ${code}`);
} finally {
  relay.kill();
  await hop.close();
  if (broken === 0) rmSync(root, { recursive: true });
  else process.stdout.write(`${root}\n`);
}
process.exit(broken > 0 ? 1 : 0);
