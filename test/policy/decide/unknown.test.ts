import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../../kit/thorough.ts';
import { compiled } from '../compiled.ts';
import { type Played, type Plot, play } from './play.ts';
import { assignments, randomSessions } from './random-session.ts';

/*
 * The promise about the unknown, over whole sessions: whatever the look-ups would have found, nobody is refused for
 * good who might have been accepted, and nobody is let in whom only they would have let in.
 */

const POLICIES = Number(process.env.UNKNOWN_POLICIES ?? runs(250));
const SEED = process.env.UNKNOWN_SEED === undefined ? {} : { seed: Number(process.env.UNKNOWN_SEED) };

interface Outcomes {
  readonly unknown: Played;
  readonly known: readonly Played[];
}

const outcomes = (plot: Plot): Outcomes => ({
  unknown: play(plot),
  known: assignments(plot.found).map((found) => play({ ...plot, found })),
});

const tally = { sessions: 0, recipients: 0, agreed: 0, deferredThough: 0, becauseAsked: 0 };

/** How often somebody waits whose fate no answer would have changed; `asked`: some rule says `on_unknown: defer`. */
const count = ({ unknown, known }: Outcomes, asked: boolean): void => {
  tally.sessions++;
  unknown.fates.forEach((fate, index) => {
    const fates = new Set(known.map((one) => one.fates[index]));
    tally.recipients++;
    if (known.length === 1 || fates.size > 1 || fates.has('deferred')) return;
    tally.agreed++;
    if (fate === 'deferred' && asked) tally.becauseAsked++;
    else if (fate === 'deferred') tally.deferredThough++;
  });
};

const check = ({ unknown, known }: Outcomes, recipients: readonly string[]): void => {
  recipients.forEach((recipient, index) => {
    if (unknown.fates[index] === 'refused')
      assert.ok(
        known.every(({ fates }) => fates[index] !== 'accepted'),
        `${recipient} is refused and might have been accepted`,
      );
    if (unknown.letIn[index])
      assert.ok(
        known.every(({ denied }) => !denied[index]),
        `${recipient} is let in and might have had no grant`,
      );
  });
};

test('an unknown never grants relaying or rejects permanently, whatever state it passes through', (context) => {
  fc.assert(
    fc.property(randomSessions, ({ policy, recipients, headers, findings }) => {
      const text = JSON.stringify(policy);
      const own = compiled(text);
      for (const found of findings) {
        const both = outcomes({ policy: own, recipients, headers, sender: 's@one.example', found });
        check(both, recipients);
        if (both.known.length === 1) assert.equal(both.unknown.changes, false);
        count(both, text.includes('"on_unknown":"defer"'));
      }
    }),
    { numRuns: POLICIES, includeErrorInReport: true, ...SEED },
  );
  const ratio = ((100 * tally.deferredThough) / Math.max(1, tally.agreed)).toFixed(1);
  context.diagnostic(`${JSON.stringify(tally)}: of recipients whose fate no answer changes, ${ratio} % wait though no rule asks for it`);
});
