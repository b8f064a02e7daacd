import { SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile, TestSyntax } from '../../policy/syntax.ts';
import type { Site } from '../loading/load.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { unmet, whyUnmet } from './expectations.ts';
import { fatesOf } from './fates.ts';
import { play } from './play.ts';
import type { Fared, TestResult } from './result.ts';
import { playOf } from './test-script.ts';

type Course = Pick<TestResult, 'failures' | 'trace' | 'fared' | 'asked' | 'fates'>;

const NOTHING: Pick<Course, 'trace' | 'fared' | 'asked' | 'fates'> = { trace: [], fared: [], asked: [], fates: [] };

/** How grants, rules and routes fared. */
export const faredIn = ({ steps }: Simulation): readonly Fared[] =>
  steps
    .flatMap(({ decision, regrants }) => [decision, ...regrants.map((regrant) => regrant.decision)])
    .flatMap(({ trace }) => trace.map(({ id, result }) => ({ id, result })));

const outcomeOf = async (test: TestSyntax, { file, site }: InFile): Promise<Course> => {
  const asked = new Set<string>();
  const session = playOf(test, site);
  const simulated = await play(session, site, { asked: (name) => void asked.add(name) });
  const expected = { expect: test.expect, stem: file.stem };
  const failures = unmet(simulated, expected);
  const trace = failures.length === 0 ? [] : whyUnmet(simulated, expected, site.files);
  return { failures, trace, fared: faredIn(simulated), asked: [...asked], fates: fatesOf(simulated) };
};

/** The policy that a test belongs to. */
export interface InFile {
  readonly file: PolicyFile;
  readonly site: Site;
}

/** Runs one test of a policy against the whole site. A message that cannot be read is a failure of the test. */
export const runTest = async (test: TestSyntax, place: InFile): Promise<TestResult> => {
  const began = performance.now();
  const outcome = await outcomeOf(test, place).catch((error: unknown): Course => {
    if (error instanceof SiteFileError && test.message)
      return { failures: [`cannot read the message ${test.message.file}: ${error.message}`], ...NOTHING };
    throw error;
  });
  return { file: test.at.file, name: test.name, at: test.at, ...outcome, milliseconds: performance.now() - began };
};
