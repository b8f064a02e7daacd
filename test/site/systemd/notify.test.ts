import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { ServiceNotifier } from '../../../src/site/systemd/notify.ts';
import { until } from '../../kit/until.ts';
import { OPEN, serving, siteFixture } from '../../relay/site-fixture.ts';

const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Node has no datagrams on unix sockets. */
const LISTENER = `use Socket; $| = 1; socket(my $s, AF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
while (defined recv($s, my $m, 4096, 0)) { print join(" ", split(/\\n/, $m)), "\\n" }`;

const skip = isThere('systemd-notify') && isThere('perl') ? false : 'no systemd-notify or no perl here';

/** What systemd would hear, a line a message. */
const systemd = async (t: TestContext): Promise<{ readonly socket: string; readonly heard: readonly string[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-notify-'));
  const socket = join(folder, 'notify');
  const listener = spawn('perl', ['-e', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    listener.kill();
    await rm(folder, { recursive: true });
  });
  const heard: string[] = [];
  createInterface({ input: listener.stdout }).on('line', (line) => line.startsWith('BARRIER') || heard.push(line));
  await until(() => existsSync(socket), 'the socket');
  return { socket, heard };
};

test('systemd is notified of readiness, watchdog, reloads and stop', { skip, timeout: 600_000 }, async (t) => {
  const { socket, heard } = await systemd(t);
  Object.assign(process.env, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '200000' });
  t.after(() => {
    delete process.env.NOTIFY_SOCKET;
    delete process.env.WATCHDOG_USEC;
  });
  const around = await siteFixture(t, { policy: OPEN });
  const served = await serving(around);
  await until(() => heard.includes('WATCHDOG=1'), 'a sign of life');
  assert.equal(heard[0], 'READY=1');
  served.process.kill('SIGHUP');
  await until(() => heard.filter((line) => line === 'READY=1').length === 2, 'ready after the reload');
  assert.match(heard.find((line) => line.startsWith('RELOADING')) ?? '', /^RELOADING=1 MONOTONIC_USEC=\d+$/);
  assert.equal(await served.stop(), 0);
  // A sign of life that was under way may be heard later.
  await until(() => heard.includes('STOPPING=1'), 'the end');
});

test('without a socket nothing is sent, and a failed notification is reported once', async () => {
  const failures: unknown[] = [];
  const silent = new ServiceNotifier({ env: {}, onFailed: (error) => failures.push(error) });
  await silent.ready();
  assert.equal(await silent.reloading(async () => 7), 7);
  assert.equal(failures.length, 0);
  const before = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    const deaf = new ServiceNotifier({ env: { NOTIFY_SOCKET: '/nowhere/notify' }, onFailed: (error) => failures.push(error) });
    await deaf.ready();
    await deaf.stopping();
  } finally {
    process.env.PATH = before;
  }
  assert.equal(failures.length, 1);
});
