import { findFact } from '../../policy/facts/find.ts';
import { DELIVERY_HOOKS, ENDING_HOOKS, type Hook } from '../../policy/hook.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile, TestSyntax } from '../../policy/syntax.ts';
import { isCollection } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import { givenFacts } from '../simulation/given.ts';
import { wireBytes } from '../simulation/message-text.ts';
import type { Script } from '../simulation/script.ts';
import { simulate } from '../simulation/simulate.ts';
import { type Elsewhere, simulationFinder } from '../simulation/simulation-finder.ts';
import { unmet, whyUnmet } from './expectations.ts';
import { plainMessage } from './plain-message.ts';
import type { TestResult } from './result.ts';

/** A Monday noon, so that no test depends on the day it runs. */
const PINNED = new Date(2026, 0, 5, 12).getTime();

/** Longest a hook of a test may take; only a message that is hard to parse comes near. */
const DEADLINE = 10_000;

const recipientsOf = (given: Script['given']): Script['recipients'] => {
  const one = given.get('recipient.address');
  if (typeof one === 'string') return [one];
  const many = given.get('recipients') ?? null;
  return isCollection(many) && many.length > 0 ? many.map(String) : [null];
};

const scriptOf = (test: TestSyntax, site: Site): Script => {
  const given = givenFacts(test.given.value);
  const recipients = recipientsOf(given);
  const message =
    test.message === null
      ? plainMessage({ sender: given.get('sender.address'), recipients })
      : wireBytes(site.reader.readBytes(test.message.file, 'message'));
  return { given, recipients, message, now: PINNED };
};

/** Where to begin and what to run beyond delivery: a message whose grant is given is in the queue already. */
const course = (at: Hook | null, given: Script['given']): { from: 'connect_init' | 'get_mx'; also: readonly Hook[] } => {
  const later = at !== null && [...DELIVERY_HOOKS, ...ENDING_HOOKS].includes(at);
  const queued = later && given.has('grant') && !ENDING_HOOKS.includes(at);
  return { from: queued ? 'get_mx' : 'connect_init', also: later && at !== 'get_mx' ? [at] : [] };
};

/** A look-up that the test does not give found what is normal. */
const assumed: Elsewhere = async (fact, _ask, facts) => findFact(fact)?.assumed?.value(facts, fact) ?? null;

type Course = Pick<TestResult, 'failures' | 'trace' | 'held'>;

const outcomeOf = async (test: TestSyntax, file: PolicyFile, site: Site): Promise<Course> => {
  const script = scriptOf(test, site);
  const simulated = await simulate(script, {
    site,
    finder: simulationFinder(site, script, { elsewhere: assumed }),
    deadline: DEADLINE,
    ...course(test.expect.at, script.given),
  });
  const traces = simulated.steps.flatMap(({ decision, regrants }) => [decision, ...regrants.map((regrant) => regrant.decision)]);
  const held = traces.flatMap(({ trace }) => trace.filter(({ result }) => result === 'true').map(({ id }) => id));
  const expected = { expect: test.expect, stem: file.stem };
  const failures = unmet(simulated, expected);
  return { failures, trace: failures.length === 0 ? [] : whyUnmet(simulated, expected, site.files), held };
};

/** Runs one test of a policy against the whole site. A message that cannot be read is a failure of the test. */
export const runTest = async (test: TestSyntax, file: PolicyFile, site: Site): Promise<TestResult> => {
  const began = performance.now();
  const outcome = await outcomeOf(test, file, site).catch((error: unknown): Course => {
    if (error instanceof SiteFileError && test.message)
      return { failures: [`cannot read the message ${test.message.file}: ${error.message}`], trace: [], held: [] };
    throw error;
  });
  return { file: file.path, name: test.name, at: test.at, ...outcome, milliseconds: performance.now() - began };
};
