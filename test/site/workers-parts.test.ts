import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { limitRequest } from '../../src/ledger/request.ts';
import { asStarted } from '../../src/site/config/effects.ts';
import { inSlices } from '../../src/site/snapshots/in-slices.ts';
import { openingSnapshot, type SiteSnapshot, snapshotOf } from '../../src/site/snapshots/snapshot.ts';
import { piecesOf, type SnapshotPiece, SnapshotReceiver, SnapshotSender } from '../../src/site/snapshots/transfer.ts';
import { Backoff } from '../../src/site/workers/backoff.ts';
import { Calls } from '../../src/site/workers/calls.ts';
import { ConnectionCounts } from '../../src/site/workers/connection-counts.ts';
import { type FromWorker, NO_MAIL } from '../../src/site/workers/messages.ts';
import { RemoteAdmission } from '../../src/site/workers/remote-admission.ts';
import { RemoteLedger } from '../../src/site/workers/remote-ledger.ts';
import { Rollout, type RolloutTarget } from '../../src/site/workers/rollout.ts';
import { WorkerRuntime } from '../../src/site/workers/runtime.ts';
import { watchedLedger } from '../../src/site/workers/watched-ledger.ts';
import { Admission } from '../../src/smtp/admission.ts';
import { loaded, tempSite } from '../kit/site.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from './policies.ts';

const LISTED = `lists:
  friends: { type: domain, file: config/lists/friends.txt }
rules:
  - { id: friend, on: mail, when: { sender.domain: { in: friends } }, then: { tag: [friend] } }
`;

const snapshot = async (t: { after: (work: () => Promise<void>) => void }): Promise<SiteSnapshot> => {
  const site = await tempSite({
    'rules/10-relay.yaml': relayPolicy(25),
    'rules/20-friends.yaml': `version: 1\n${LISTED}`,
    'config/lists/friends.txt': 'example.net\nexample.org\n',
  });
  t.after(site.remove);
  return snapshotOf(loaded(site));
};

test('a worker compiles what was read, even if the files have changed since', async (t) => {
  const made = await snapshot(t);
  const receiver = new SnapshotReceiver();
  for (const piece of piecesOf(made)) receiver.hear(structuredClone(piece));
  const { policy, config } = await inSlices(openingSnapshot(receiver.take()));
  assert.equal(policy.version, made.head.version);
  assert.equal(policy.rules, 3);
  assert.equal(policy.lists.get('friends')?.size, 2);
  assert.deepEqual(config, made.head.config);
});

test('a snapshot with a missing piece does not open', async (t) => {
  const made = await snapshot(t);
  const receiver = new SnapshotReceiver();
  for (const piece of [...piecesOf(made)].slice(0, -1)) receiver.hear(piece);
  assert.throws(() => receiver.take(), /in part only/);
  await assert.rejects(inSlices(openingSnapshot({ ...made, blobs: made.blobs.slice(1) })));
});

test('snapshot pieces are sent only as fast as they are consumed', async (t) => {
  const made = await snapshot(t);
  const receiver = new SnapshotReceiver();
  const sender = new SnapshotSender();
  const underWay: SnapshotPiece[] = [];
  let most = 0;
  let sent = false;
  const sending = sender
    .send(made, (piece) => {
      underWay.push(piece);
      most = Math.max(most, underWay.length);
    })
    .then(() => {
      sent = true;
    });
  while (!sent || underWay.length > 0) {
    await setImmediate();
    const piece = underWay.shift();
    if (!piece) continue;
    receiver.hear(piece);
    sender.taken();
  }
  await sending;
  assert.equal(most, 2);
  assert.deepEqual(
    receiver.take().blobs.map((blob) => [...blob]),
    made.blobs.map((blob) => [...blob]),
  );
});

test('an abandoned snapshot is not waited for', async (t) => {
  const made = await snapshot(t);
  const sender = new SnapshotSender();
  const sending = sender.send(made, () => undefined);
  sender.giveUp();
  await sending;
  await sender.send(made, () => assert.fail('sent to nobody'));
});

test('workers compile a new snapshot one after the other', async (t) => {
  const made = await snapshot(t);
  const rollout = new Rollout();
  let busy = 0;
  let most = 0;
  const targets = Array.from(
    { length: 3 },
    (): RolloutTarget => ({
      prepare: async () => {
        busy += 1;
        most = Math.max(most, busy);
        await setImmediate();
        busy -= 1;
        return null;
      },
      take: () => Promise.resolve(true),
      kill: () => assert.fail('killed'),
    }),
  );
  assert.equal(await rollout.prepare(targets, made), null);
  assert.equal(most, 1);
});

test('a worker that joins later keeps the settings that need a restart', async (t) => {
  const { config } = (await snapshot(t)).head;
  const changed = { ...config, hostname: 'other.example', greetingPause: 7, auth: { users: 'users', requireTls: true } };
  assert.deepEqual(asStarted(config, changed), { ...config, greetingPause: 7 });
  assert.equal(asStarted(changed, config).auth, changed.auth);
});

/** Notes what it is told; `problem` is what it says to a snapshot. */
const follower = (problem: string | null, takes = true): { told: string[] } & RolloutTarget => {
  const told: string[] = [];
  return {
    told,
    prepare: async () => {
      told.push('prepare');
      return problem;
    },
    take: async () => {
      told.push('take');
      return takes;
    },
    kill: () => told.push('kill'),
  };
};

test('if one worker cannot prepare a snapshot, none applies it', async (t) => {
  const made = await snapshot(t);
  const workers = [follower(null), follower('no memory'), follower(null)];
  assert.equal(await new Rollout().prepare(workers, made), 'no memory');
  assert.deepEqual(
    workers.map(({ told }) => told),
    [['prepare'], ['prepare'], []],
  );
});

test('a worker that joins between prepare and commit follows, or is replaced if it cannot', async (t) => {
  const made = await snapshot(t);
  const [ready, stuck, late, lost] = [follower(null), follower(null, false), follower(null), follower('no memory')];
  const rollout = new Rollout();
  assert.equal(await rollout.prepare([ready, stuck], made), null);
  await rollout.take([ready, stuck, late, lost], made);
  assert.deepEqual(
    [ready, stuck, late, lost].map(({ told }) => told.join()),
    ['prepare,take', 'prepare,take,kill', 'prepare,take', 'prepare,kill'],
  );
});

test('each question gets its own answer in any order, and all fail when the peer is gone', async () => {
  const calls = new Calls<string>('gone');
  const numbers: number[] = [];
  const asked = [1, 2, 3].map(() => calls.ask((call) => numbers.push(call)));
  calls.answer(numbers[1] ?? 0, 'second');
  calls.answer(numbers[0] ?? 0, 'first');
  calls.answer(99, 'nobody asked');
  calls.giveUp();
  assert.deepEqual(await Promise.all(asked), ['first', 'second', 'gone']);
  assert.equal(await calls.ask(() => assert.fail('nobody is there to be asked')), 'gone');
});

test('a worker that has not started is answered for at once', async () => {
  const said: FromWorker[] = [];
  const say = (message: FromWorker): number => said.push(message);
  const admission = new RemoteAdmission({ enter: () => undefined, leave: () => undefined });
  const runtime = new WorkerRuntime({ say, admission, ledger: new RemoteLedger(() => undefined) });
  runtime.hear({ say: 'queue', call: 1 });
  runtime.hear({ say: 'figures', call: 2 });
  await until(() => said.length === 2, 'both answers');
  assert.deepEqual(said, [
    { say: 'queue', call: 1, queue: NO_MAIL },
    { say: 'figures', call: 2, figures: [] },
  ]);
});

test('when a worker dies, only its own connections are released', () => {
  const limits = { connections: 10, connectionsPerIp: 2 };
  const admission = new Admission(() => ({ ...LIMITS, ...limits }));
  const [one, other] = [new ConnectionCounts(admission), new ConnectionCounts(admission)];
  assert.equal(one.enter('192.0.2.1'), null);
  assert.equal(other.enter('192.0.2.1'), null);
  assert.equal(one.enter('192.0.2.1')?.code, 421);
  one.allLeave();
  one.leave('192.0.2.1');
  assert.equal(admission.total, 1);
  assert.equal(other.enter('192.0.2.1'), null);
  assert.equal(other.enter('192.0.2.1')?.code, 421);
});

const LIMITS = {
  messageSize: 1,
  recipients: 1,
  connectionRatePerIp: 1,
  errors: 1,
  commands: 1,
  authFailures: 3,
  authFailuresPerIp: 10,
  authFailuresPerUser: 20,
  commandLine: 1,
  headerSize: 1,
  received: 1,
  idle: 1,
  session: 1,
  hook: 1,
  minDataRate: 1,
  handshake: 1,
  idleUnderStress: 1,
  memory: null,
};

test('repeated crashes delay the next start by up to 30 s, and a long life resets the delay', () => {
  const backoff = new Backoff();
  assert.deepEqual(
    Array.from({ length: 11 }, () => backoff.after(10)),
    [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000],
  );
  assert.equal(backoff.after(60_000), 100);
  assert.equal(backoff.after(10), 200);
});

test('a ledger that does not answer is logged once, and so is its return', async () => {
  let isThere = false;
  const said: string[] = [];
  const log = { error: (_: object, text: string) => said.push(text), info: (_: object, text: string) => said.push(text) };
  const ask = watchedLedger(async () => {
    if (!isThere) throw new Error('no answer');
    return true;
  }, log);
  const request = limitRequest({ name: 'limit.a/b', key: 'k', network: '', cost: 1, max: 1, per: 1000 });
  await assert.rejects(ask(request), /no answer/);
  await assert.rejects(ask(request), /no answer/);
  isThere = true;
  assert.equal(await ask(request), true);
  assert.equal(await ask(request), true);
  assert.deepEqual(said, ['ledger not answering, limits and greylist unknown', 'ledger answers again']);
});
