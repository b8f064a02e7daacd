import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay, runCase } from './cases.ts';
import { TARGETS } from './targets/index.ts';

/** Milliseconds a target: `npm run fuzz` is the long form. */
const DURATION = 1_500;

/** The same cases each time, so that a change that fails here is at fault; another seed may be given. */
const seed = process.env.RELAYCTL_FUZZ_SEED ?? 'suite';

for (const target of TARGETS)
  test(`fuzzing: ${target.name}`, { timeout: 600_000 }, async (t) => {
    const open = await target.open();
    t.after(() => open.close());
    const end = performance.now() + DURATION;
    let number = 0;
    for (; performance.now() < end || number === 0; number++) {
      const finding = await runCase(target, open, { seed, number });
      assert.equal(finding, null, `${finding?.reason}\n${replay({ target: target.name, seed, number })}`);
    }
    t.diagnostic(`${number} cases`);
  });
