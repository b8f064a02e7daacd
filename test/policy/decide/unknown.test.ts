import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';
import { type Played, play } from './play.ts';
import { assignments, type RandomSession, randomSession } from './random-session.ts';

/*
 * The promise about the unknown, over whole sessions: whatever the look-ups would have found, nobody is refused for
 * good who might have been accepted, and nobody is let in whom only they would have let in.
 */

const CASES = Number(process.env.UNKNOWN_CASES ?? 400);
const SEED = process.env.UNKNOWN_SEED === undefined ? {} : { seed: Number(process.env.UNKNOWN_SEED) };

interface Outcomes {
  readonly unknown: Played;
  readonly known: readonly Played[];
}

function outcomes({ policy, recipients, headers, found }: RandomSession): Outcomes {
  const plot = { policy: compiled(JSON.stringify(policy)), recipients, headers, sender: 's@one.example' };
  return { unknown: play({ ...plot, found }), known: assignments(found).map((one) => play({ ...plot, found: one })) };
}

const tally = { recipients: 0, unknowns: 0, agreed: 0, deferredThough: 0 };

function count({ unknown, known }: Outcomes): void {
  unknown.fates.forEach((fate, index) => {
    const fates = new Set(known.map(({ fates }) => fates[index]));
    tally.recipients++;
    if (known.length > 1) tally.unknowns++;
    if (known.length === 1 || fates.size > 1 || fates.has('deferred')) return;
    tally.agreed++;
    if (fate === 'deferred') tally.deferredThough++;
  });
}

test('nothing unknown refuses for good or lets in, through whatever state it passes', (context) => {
  fc.assert(
    fc.property(randomSession, (session) => {
      const both = outcomes(session);
      const { unknown, known } = both;
      session.recipients.forEach((recipient, index) => {
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
      if (![...session.found.values()].some((value) => value instanceof Unknown)) assert.equal(unknown.changes, false);
      count(both);
    }),
    { numRuns: CASES, ...SEED },
  );
  const ratio = ((100 * tally.deferredThough) / Math.max(1, tally.agreed)).toFixed(1);
  context.diagnostic(`${JSON.stringify(tally)}: of recipients whose fate no answer changes, ${ratio} % are deferred`);
});
