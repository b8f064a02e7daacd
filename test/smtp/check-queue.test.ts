import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckQueue, NoTurn } from '../../src/smtp/auth/check-queue.ts';

const { signal: OPEN } = new AbortController();
const OPTIONS = { sideBySide: 1, most: 1_000, maxWait: 1_000 };

const from = (client: string, more: { isKnown?: boolean; closed?: AbortSignal } = {}) => ({
  client,
  isKnown: false,
  closed: OPEN,
  ...more,
});

/** Work that ends when it is told to, and the order in which it began. */
const course = () => {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.push(() => resolve(name)));
  };
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, work, end };
};

test('concurrency is limited, and a fault frees its slot', async () => {
  const turns = new CheckQueue({ ...OPTIONS, sideBySide: 2 });
  let running = 0;
  let most = 0;
  const work = (id: number) => async (): Promise<number> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (id === 1) throw new Error('boom');
    return id;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => turns.take(from('a'), work(id))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
  assert.equal(most, 2);
});

test('one client with 400 pending checks does not delay another, and known clients go first', async () => {
  const turns = new CheckQueue(OPTIONS);
  const { begun, work, end } = course();
  for (let count = 0; count < 400; count++) turns.take(from('flood'), work('flood')).catch(() => undefined);
  turns.take(from('other'), work('other')).catch(() => undefined);
  turns.take(from('flood', { isKnown: true }), work('known')).catch(() => undefined);
  for (let count = 0; count < 4; count++) await end();
  assert.deepEqual(begun, ['flood', 'known', 'other', 'flood', 'flood']);
});

test('behind a flood from 400 clients, the latest is served next', async () => {
  const turns = new CheckQueue(OPTIONS);
  const { begun, work, end } = course();
  for (let count = 0; count < 400; count++) turns.take(from(`client ${count}`), work('flood')).catch(() => undefined);
  turns.take(from('other'), work('other')).catch(() => undefined);
  await end();
  assert.deepEqual(begun, ['flood', 'other']);
});

test('a check that times out, exceeds the queue or loses its client uses no slot', async () => {
  const turns = new CheckQueue({ sideBySide: 1, most: 2, maxWait: 30 });
  const { begun, work, end } = course();
  const gone = new AbortController();
  const first = turns.take(from('a'), work('first'));
  const leaving = turns.take(from('b', { closed: gone.signal }), work('gone'));
  const late = turns.take(from('c'), work('late'));
  const surplus = turns.take(from('d'), work('one too many'));
  gone.abort();
  for (const refused of await Promise.allSettled([leaving, late, surplus]))
    assert.ok(refused.status === 'rejected' && refused.reason instanceof NoTurn);
  await end();
  assert.equal(await first, 'first');
  const next = turns.take(from('e'), work('next'));
  await end();
  assert.equal(await next, 'next');
  assert.deepEqual(begun, ['first', 'next']);
});
