import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { scriptFrom } from '../kit/main.ts';
import { folder, open, remaining } from './open.ts';

const SCRIPT = scriptFrom(import.meta.dirname, 'count');
const NOW = 5_000_000_000;
const MAX = 1_000_000;

/** A number below `bound` that follows from the seed. */
const from = (seed: number, bound: number): number => (Math.imul(seed + 1, 0x9e3779b1) >>> 8) % bound;

/** Counts until it has answered `lines` times or more, then is killed; how often each key was answered. */
const killed = async (path: string, keys: number, lines: number): Promise<ReadonlyMap<string, number>> => {
  const child = spawn(process.execPath, [...SCRIPT, path, String(keys), String(64 * 1024)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answered = new Map<string, number>();
  let seen = 0;
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const complete = (rest + chunk).split('\n');
    rest = complete.pop() ?? '';
    for (const key of complete) answered.set(key, (answered.get(key) ?? 0) + 1);
    seen += complete.length;
    if (seen >= lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return answered;
};

const left = async (path: string, key: string): Promise<number> => {
  const { ledger } = await open(path, { now: () => NOW });
  const rest = await remaining(ledger, { name: 'n', key, max: MAX, per: 1e9 });
  await ledger.close();
  return rest;
};

for (let seed = 0; seed < 6; seed++)
  test(`killed at any moment, again and again, it loses no count and doubles none; seed ${seed}`, async (t) => {
    const path = await folder(t);
    const keys = 1 + from(seed, 40);
    const total = new Map<string, number>();
    const lives = 3;
    for (let life = 0; life < lives; life++)
      for (const [key, count] of await killed(path, keys, 1 + from(seed * 10 + life, 6_000))) total.set(key, (total.get(key) ?? 0) + count);
    let unheard = 0;
    for (const [key, answered] of total) {
      const counted = MAX - (await left(path, key));
      // What was counted when it was killed, and not told any more: at most one each life.
      assert.ok(counted >= answered, `${key}: ${answered} answered, ${counted} counted`);
      unheard += counted - answered;
    }
    assert.ok(unheard <= lives, `${unheard} counted and never answered`);
  });
