import type { Need } from '../../policy/decision.ts';
import { Unknown } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import { type Fate, fatesOf } from './fates.ts';
import { type Play, play } from './play.ts';
import type { TestReport, TestResult } from './result.ts';
import { type PlacedTest, testsOf } from './run-tests.ts';
import { playOf } from './test-script.ts';

/*
 * The tests of a site once more, each with what was found out for it unknown: one look-up or count after the other, or two
 * at a time. What comes of it is held against what came of the answers.
 */

/**
 * `refused`: a 5xx, though the answer would have let the mail through; `relayed`: let in without a grant that the answer
 * would have given. Neither may happen, whatever the rules are. `passes`: the rule that would have stopped the mail was
 * skipped, as rules are without `on_unknown: defer`; no test says that this is meant.
 */
export type SweepFault = 'refused' | 'relayed' | 'passes';

export interface SweepFinding {
  readonly fault: SweepFault;
  readonly test: TestResult;
  /** What was unknown: names of look-ups, `limit.<rule>`, `greylist.<rule>`. */
  readonly unknown: readonly string[];
  readonly known: Fate;
  readonly swept: Fate;
}

export interface Sweep {
  /** Sessions that ran. */
  readonly runs: number;
  /** Sessions that were left out to end in time. */
  readonly left: number;
  readonly findings: readonly SweepFinding[];
}

export interface SweepOptions {
  readonly pairs: boolean;
  /** Most sessions that run. */
  readonly most: number;
  readonly filter?: string | undefined;
}

interface Job {
  readonly placed: PlacedTest;
  readonly result: TestResult;
  readonly unknown: readonly string[];
}

/** Everything alone, then, if wanted, everything in pairs. */
const setsOf = (names: readonly string[], pairs: boolean): readonly (readonly string[])[] => [
  ...names.map((name) => [name]),
  ...(pairs ? names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other])) : []),
];

/** The first use of every look-up before the second of any: where not all can run, all are tried. */
const spread = (jobs: readonly Job[]): readonly Job[] => {
  const seen = new Map<string, number>();
  const ranked = jobs.map((job) => {
    const key = job.unknown.join(' ');
    const rank = seen.get(key) ?? 0;
    seen.set(key, rank + 1);
    return { job, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ job }) => job);
};

const NOT_TOLD = new Unknown('made unknown by the test');

const answering = (unknown: readonly string[]) => ({
  answer: ({ name }: Need) => (unknown.includes(name) ? NOT_TOLD : undefined),
});

/** The session without what it says about these: they are then normal. */
const without = ({ script, at }: Play, names: readonly string[]): Play => {
  const shortened = names.map((name) => name.replace(/^(limit|greylist)\..*\//, '$1.'));
  const kept = [...script.given].filter(([name]) => !names.includes(name) && !shortened.includes(name));
  return { script: { ...script, given: new Map(kept) }, at };
};

const STOPPED: ReadonlySet<Fate['end']> = new Set(['deferred', 'refused', 'quarantined', 'discarded']);

/** What is wrong with a session in which something was unknown; the first of `known` is the answer of the test. */
export const faultOf = (swept: Fate, known: readonly Fate[], intended: ReadonlySet<string>): SweepFault | null => {
  const [answered] = known;
  if (swept.end === 'refused' && known.some(({ end }) => end !== 'refused' && end !== 'deferred')) return 'refused';
  if (swept.end !== 'accepted' || answered === undefined) return null;
  if (answered.denied) return 'relayed';
  return STOPPED.has(answered.end) && !intended.has(answered.by) ? 'passes' : null;
};

const sameRecipient = (fates: readonly Fate[], recipient: string): Fate | undefined =>
  fates.find((fate) => fate.recipient === recipient) ?? fates[0];

const tried = async ({ placed: { test, site }, result, unknown }: Job, intended: ReadonlySet<string>): Promise<readonly SweepFinding[]> => {
  const session = playOf(test, site);
  const swept = fatesOf(await play(session, site, answering(unknown)));
  const isSuspect = swept.some(({ recipient, end }) => end !== sameRecipient(result.fates, recipient)?.end);
  if (!isSuspect) return [];
  const normal = fatesOf(await play(without(session, unknown), site));
  return swept.flatMap((fate): readonly SweepFinding[] => {
    const known = [result.fates, normal].flatMap((fates) => sameRecipient(fates, fate.recipient) ?? []);
    const fault = faultOf(fate, known, intended);
    const [answered] = known;
    return fault === null || answered === undefined ? [] : [{ fault, test: result, unknown, known: answered, swept: fate }];
  });
};

/** Rules of which a test says what happens when they cannot be decided. */
const intendedBy = ({ results }: TestReport): ReadonlySet<string> =>
  new Set(
    results
      .filter(({ failures }) => failures.length === 0)
      .flatMap(({ fared }) => fared.filter(({ result }) => result === 'unknown').map(({ id }) => id)),
  );

/** Finds out whether an unknown look-up or count turns the answer of a test into one that nothing known would have given. */
export const sweep = async (site: Site, report: TestReport, { pairs, most, filter }: SweepOptions): Promise<Sweep> => {
  const placed = testsOf(site, filter);
  const jobs = placed.flatMap((one, index): readonly Job[] => {
    const result = report.results[index];
    if (result === undefined || result.failures.length > 0) return [];
    return setsOf(result.asked, pairs).map((unknown) => ({ placed: one, result, unknown }));
  });
  const chosen = spread(jobs).slice(0, most);
  const intended = intendedBy(report);
  const findings: SweepFinding[] = [];
  for (const job of chosen) findings.push(...(await tried(job, intended)));
  return { runs: chosen.length, left: jobs.length - chosen.length, findings };
};
