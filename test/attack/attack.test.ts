import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { warmUp } from './probe.ts';
import { broken, runRound } from './round.ts';
import { ATTACKERS, openTarget } from './target.ts';

/* A few attacks for a second or two each; `npm run attack` runs all of them for a minute. */

const SHORT = ['rcpt flood', 'deaf to ehlo', 'silent handshakes', 'many parts'];
const noProc = existsSync('/proc/self/schedstat') ? false : 'needs the scheduler statistics of Linux';

test('abuse from one address does not stop mail from others', { skip: noProc }, async (t) => {
  const target = await openTarget({ shape: 'everything', workers: 1, heap: 512 });
  t.after(() => target.stop());
  await warmUp(target);
  for (const [index, attack] of SHORT.entries())
    await t.test(attack, async () => {
      const round = await runRound(target, attack, { seconds: 1, from: ATTACKERS[index] ?? assert.fail() });
      const faults = broken(round).filter((fault) => !fault.startsWith('a message took'));
      assert.deepEqual(faults, [], JSON.stringify(round));
    });
});
