import { DELIVERY_HOOKS, ENDING_HOOKS, type Hook, hookOrder } from '../../policy/hook.ts';
import { isObject } from '../../policy/json.ts';
import { SiteFileError } from '../../policy/read/site-files.ts';
import type { PolicyFile, TestSyntax } from '../../policy/syntax.ts';
import { isCollection, Unknown } from '../../policy/value.ts';
import type { Site } from '../load.ts';
import { givenFacts } from '../walk/given.ts';
import { wireBytes } from '../walk/message-text.ts';
import type { Script } from '../walk/script.ts';
import { type Elsewhere, walkFinder } from '../walk/walk-finder.ts';
import { walk } from '../walk/walker.ts';
import { unmet } from './expectations.ts';
import type { TestResult } from './result.ts';

/** A Monday noon, so that no test depends on the day it runs. */
const PINNED = new Date(2026, 0, 5, 12).getTime();

/** Longest a test may take; only a message that is hard to parse comes near. */
const DEADLINE = 10_000;

const recipientsOf = (given: Script['given']): Script['recipients'] => {
  const one = given.get('recipient.address');
  if (typeof one === 'string') return [one];
  const many = given.get('recipients') ?? null;
  return isCollection(many) && many.length > 0 ? many.map(String) : [null];
};

const scriptOf = (test: TestSyntax, site: Site): Script => {
  const given = givenFacts(test.given.value);
  const message = test.message === null ? null : wireBytes(site.reader.readBytes(test.message.file));
  return { given, recipients: recipientsOf(given), message, now: PINNED };
};

/** Where to begin and what to run beyond delivery: a message whose grant is given is in the queue already. */
const course = (at: Hook | null, given: Script['given']): { from: 'connect_init' | 'get_mx'; also: readonly Hook[] } => {
  const later = at !== null && [...DELIVERY_HOOKS, ...ENDING_HOOKS].includes(at);
  const queued = later && given.has('grant') && !ENDING_HOOKS.includes(at);
  return { from: queued ? 'get_mx' : 'connect_init', also: later && at !== 'get_mx' ? [at] : [] };
};

/** What comes behind the hook that a test speaks of is none of its business, and asks for nothing to be given. */
const lastAsked = ({ at, route, more }: TestSyntax['expect']): Hook | null => {
  const looksFurther = route !== null || (isObject(more.value) && Object.keys(more.value).length > 0);
  return looksFurther ? null : at;
};

type Course = Pick<TestResult, 'failures' | 'held'>;

const outcomeOf = async (test: TestSyntax, file: PolicyFile, site: Site): Promise<Course> => {
  const script = scriptOf(test, site);
  const missing = new Set<string>();
  const last = lastAsked(test.expect);
  let isAsked = true;
  const elsewhere: Elsewhere = async (fact) => {
    if (isAsked) missing.add(fact);
    return new Unknown('the test does not give it');
  };
  const walked = await walk(script, {
    policy: site.policy,
    finder: walkFinder(site, script, elsewhere),
    signal: AbortSignal.timeout(DEADLINE),
    ...course(test.expect.at, script.given),
    entering: (hook) => {
      isAsked = last === null || hookOrder(hook) <= hookOrder(last);
    },
  });
  const lookUps = [...missing].map((fact) => `the test reaches the look-up ${fact} and does not give it`);
  const held = walked.steps.flatMap(({ decision }) => decision.trace.filter(({ result }) => result === 'true').map(({ id }) => id));
  return { failures: [...lookUps, ...unmet(walked, { expect: test.expect, stem: file.stem })], held };
};

/** Runs one test of a policy against the whole site. A message that cannot be read is a failure of the test. */
export const runTest = async (test: TestSyntax, file: PolicyFile, site: Site): Promise<TestResult> => {
  const began = performance.now();
  const outcome = await outcomeOf(test, file, site).catch((error: unknown): Course => {
    if (error instanceof SiteFileError && test.message)
      return { failures: [`cannot read the message ${test.message.file}: ${error.message}`], held: [] };
    throw error;
  });
  return { file: file.path, name: test.name, at: test.at, ...outcome, milliseconds: performance.now() - began };
};
