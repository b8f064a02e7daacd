import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type LoginRow, loginStep } from '../../src/ledger/login.ts';
import { loginRequest } from '../../src/ledger/request.ts';
import { clock, folder, open } from './open.ts';

const MINUTE = 60_000;
const BACK_OFF = { free: 3, wait: MINUTE, most: 60 * MINUTE };

/** Steps at given times, on one row. */
const row = () => {
  let known: LoginRow | null = null;
  return (now: number, step: 'try' | 'succeed'): boolean => {
    const alive: LoginRow | null = known === null || known.expires < now ? null : known;
    const answer = loginStep(alive, now, { step, ...BACK_OFF });
    known = answer.row ?? alive;
    return answer.held;
  };
};

describe('failed logins', () => {
  it('are free three times, then impose waits of one, two and four minutes', () => {
    const at = row();
    assert.deepEqual(
      [0, 1, 2, 3, 59_999, 60_002, 60_003, 180_001, 180_003, 420_000].map((now) => at(now, 'try')),
      [false, false, false, true, true, false, true, true, false, true],
    );
  });

  it('are forgotten an hour after the last wait', () => {
    const at = row();
    for (const now of [0, 0, 0]) at(now, 'try');
    assert.deepEqual([at(61 * MINUTE + 1, 'try'), at(61 * MINUTE + 2, 'try'), at(61 * MINUTE + 3, 'try')], [false, false, false]);
  });

  it('never number more than are free plus one a wait, however guesses and logins alternate', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 5 * MINUTE }), wrong: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const at = row();
        let [now, wrong] = [0, 0];
        for (const one of steps) {
          now += one.wait;
          if (at(now, 'try')) continue;
          if (one.wrong) wrong++;
          else at(now, 'succeed');
        }
        const right = steps.filter((one) => !one.wrong).length;
        assert.ok(wrong <= BACK_OFF.free + right + Math.ceil(now / MINUTE), `${wrong} guesses in ${now} ms`);
      }),
    );
  });

  it('survive a restart', async (t) => {
    const path = await folder(t);
    const request = loginRequest({ name: 'user', key: 'ann', network: '192.0.2.0' }, { step: 'try', ...BACK_OFF });
    const { ledger } = await open(path);
    for (let count = 0; count < 3; count++) assert.equal(await ledger.ask(request), false);
    await ledger.close();
    const { ledger: again } = await open(path);
    assert.equal(await again.ask(request), true);
    clock.now += MINUTE + 1;
    assert.equal(await again.ask(request), false);
    await again.close();
  });

  it('for 100,000 made-up users from one network leave other counts alone', async (t) => {
    const { ledger } = await open(await folder(t), { bytes: 256 * 1024 });
    const attempt = (key: string, network: string): Promise<boolean> =>
      ledger.ask(loginRequest({ name: 'user', key, network }, { step: 'try', ...BACK_OFF }));
    for (let count = 0; count < 3; count++) assert.equal(await attempt('ann', '198.51.100.0'), false);
    for (let count = 0; count < 1_000; count++)
      await Promise.all(Array.from({ length: 100 }, (_, one) => attempt(`${count}.${one}`, '192.0.2.0')));
    assert.equal(await attempt('ann', '198.51.100.0'), true);
    assert.ok(ledger.status.entries < 5_000);
    await ledger.close();
  });
});
