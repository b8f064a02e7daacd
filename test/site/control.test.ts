import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { askRelay, NotRunning } from '../../src/site/control/ask.ts';
import { AlreadyRunning, openControl } from '../../src/site/control/listen.ts';
import type { Answers, RelayStatus } from '../../src/site/control/protocol.ts';
import { controlSocket } from '../../src/site/control/socket-path.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const queueFolder = async (name = 'queue'): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-control-'));
  folders.push(folder);
  const path = join(folder, name);
  await mkdir(path);
  return path;
};

const STATUS: RelayStatus = {
  pid: 1,
  workers: [],
  policy: 'abc',
  rules: 3,
  started: '',
  loaded: '',
  lastReload: null,
  connections: 0,
  queue: { queued: 0, held: 0, quarantined: 0, corrupt: 0 },
  listeners: {},
};

const answers: Answers = {
  status: () => STATUS,
  reload: async () => ({ taken: false, at: '', policy: 'abc', reason: 'two\nlines' }),
};

test('the control socket answers, and only its owner can open it', async () => {
  const path = await queueFolder();
  const control = await openControl(path, answers);
  assert.deepEqual(await askRelay(path, { ask: 'status' }), STATUS);
  assert.deepEqual(await askRelay(path, { ask: 'reload' }), { taken: false, at: '', policy: 'abc', reason: 'two\nlines' });
  assert.equal((await stat(controlSocket(path))).mode & 0o777, 0o600);
  control.close();
  await assert.rejects(askRelay(path, { ask: 'status' }), NotRunning);
});

test('a path too long for a socket uses one elsewhere', async () => {
  const path = await queueFolder('q'.repeat(120));
  assert.ok(Buffer.byteLength(controlSocket(path)) < 104);
  const control = await openControl(path, answers);
  assert.deepEqual(await askRelay(path, { ask: 'status' }), STATUS);
  control.close();
});

test('two relays do not share a queue', async () => {
  const path = await queueFolder();
  const control = await openControl(path, answers);
  await assert.rejects(openControl(path, answers), AlreadyRunning);
  control.close();
});

test('the socket of a dead relay is taken over', async () => {
  const path = await queueFolder();
  await writeFile(controlSocket(path), '');
  const control = await openControl(path, answers);
  assert.deepEqual(await askRelay(path, { ask: 'status' }), STATUS);
  control.close();
});

test('of several relays started at once after a crash, exactly one gets the queue', async () => {
  const path = await queueFolder();
  await writeFile(controlSocket(path), '');
  const opened = await Promise.allSettled(Array.from({ length: 5 }, () => openControl(path, answers)));
  const reasons = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  assert.equal(reasons.length, 4);
  for (const reason of reasons) assert.ok(reason instanceof AlreadyRunning, String(reason));
  assert.deepEqual(await askRelay(path, { ask: 'status' }), STATUS);
  assert.deepEqual(
    (await readdir(path)).filter((name) => name !== 'control.sock'),
    [],
  );
  for (const one of opened) if (one.status === 'fulfilled') one.value.close();
});

test('a relay that exits before answering is an error', async () => {
  const path = await queueFolder();
  const rude = createServer((socket) => socket.once('data', () => socket.end()));
  await new Promise<void>((resolve) => rude.listen(controlSocket(path), resolve));
  await assert.rejects(askRelay(path, { ask: 'status' }), /exited before it answered/);
  rude.close();
});
