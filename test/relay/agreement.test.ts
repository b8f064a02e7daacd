import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Decision } from '../../src/policy/decision.ts';
import { asArray, isObject, type Json, type JsonObject } from '../../src/policy/json.ts';
import { Unknown } from '../../src/policy/value.ts';
import { explain } from '../../src/site/explain/explain.ts';
import type { ExplainedHook, Explanation } from '../../src/site/explain/explanation.ts';
import type { Site } from '../../src/site/loading/load.ts';
import { differencesOf } from '../../src/site/replay/compare.ts';
import { judgeAgain } from '../../src/site/replay/judge-again.ts';
import { NOT_RECORDED } from '../../src/site/replay/recorded.ts';
import { saidAt } from '../../src/site/simulation/said.ts';
import { simulate } from '../../src/site/simulation/simulate.ts';
import type { Simulation } from '../../src/site/simulation/simulation.ts';
import { simulationFinder } from '../../src/site/simulation/simulation-finder.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { isWorthNoting } from '../../src/transaction/decision-entry.ts';
import type { AcceptedMessage } from '../../src/transaction/settings.ts';
import { loaded, type TempSite } from '../kit/site.ts';
import { runs } from '../kit/thorough.ts';
import { compiled } from '../policy/compiled.ts';
import { NaiveRun, type NaiveSession } from './agreement/naive.ts';
import { policy } from './agreement/policies.ts';
import { countingOf, expectationOf, scriptOf, testOf } from './agreement/scripts.ts';
import { type Heard, NOON, ServedSite } from './agreement/served.ts';
import { agreementSite, HOSTNAME } from './agreement/site.ts';
import { type Visit, visit } from './agreement/visits.ts';

/*
 * One evaluate: what `serve` says to a client on a socket, what `explain` and `relayctl test` say of the same
 * session, and what `site.decide` says hook by hook, agree in verdict, reply, deciding rule, envelope, header
 * and routes; and nobody is in the envelope but by a grant or by the author's own word.
 * RELAYCTL_SESSIONS and RELAYCTL_SEED: how many sessions, and from which seed.
 */

const SESSIONS = Number(process.env.RELAYCTL_SESSIONS ?? runs(240));
const SEED = Number(process.env.RELAYCTL_SEED ?? 20_261);
const VISITS = 8;

const FRIENDLY: Readonly<Record<string, string>> = {
  connect: '220 ',
  helo: '250 ',
  auth: '235 ',
  mail: '250 2.1.0 ',
  rcpt: '250 2.1.5 ',
  data: '354 ',
  data_post: '250 2.0.0 ',
  queue: '250 2.0.0 ',
};

/** How the reply at this hook begins if the explanation is true. */
const expectedAt = ({ hook, verdict }: ExplainedHook): string => {
  if (verdict.kind === 'disconnect') return '421 ';
  return verdict.code === undefined ? (FRIENDLY[hook] ?? '') : `${verdict.code} ${verdict.enhanced} ${verdict.text}`;
};

/** One reply answers both hooks behind the message; where BDAT brings it, that of `data` too. */
const expectedReplies = ({ hooks }: Explanation, { chunked }: Visit): readonly string[] => {
  const answered = hooks.filter(({ hook, verdict }) => hook in FRIENDLY || (/^(connect_init|lookup_rdns)$/.test(hook) && verdict.code));
  const isLast = ({ hook }: ExplainedHook, next: ExplainedHook | undefined): boolean =>
    !(hook === 'data_post' && next?.hook === 'queue') && !(chunked && hook === 'data' && next?.hook === 'data_post');
  return answered.filter((hook, index) => isLast(hook, answered[index + 1])).map(expectedAt);
};

const isSaid = (reply: string, expected: string): boolean => reply.replace(/\u2028|\u2029/g, ' ').startsWith(expected.slice(0, 480));

const sameReplies = ({ replies }: Heard, explanation: Explanation, one: Visit): void => {
  const expected = expectedReplies(explanation, one);
  const story = `heard\n${replies.map(([, text]) => text).join('\n')}\nexplained\n${expected.join('\n')}`;
  assert.equal(replies.length, expected.length, story);
  for (const [index, [, text]] of replies.entries()) assert.ok(isSaid(text, expected[index] ?? ''), story);
  const message = replies.findLast(([command]) => command === 'message' || command === 'data')?.[1];
  const fates = replies.filter(([command]) => command === 'rcpt').map(([, text]) => text);
  const said = explanation.recipients.map(({ code, enhanced, text }) => `${code} ${enhanced} ${text}`);
  for (const [index, fate] of fates.entries()) assert.ok(isSaid(fate, said[index] ?? ''), `${fate} but explained ${said[index]}`);
  assert.equal(fates.length, said.length);
  const { outcome } = explanation;
  const decisive = message ?? replies.find(([, text]) => /^[45]/.test(text))?.[1] ?? '';
  assert.ok(isSaid(decisive, `${outcome.code} ${outcome.enhanced} ${outcome.text}`), `${story}\noutcome ${JSON.stringify(outcome)}`);
};

const plain = ({ trace: _trace, changes: _changes, ...decision }: Decision): Json => JSON.parse(JSON.stringify(decision));

/** Refused before a rule was asked: nobody has decided. */
const isRelays = (decision: Decision): boolean => 'by' in decision && ['limits', 'listener', 'syntax'].includes(decision.by);

const noted = (decisions: readonly Decision[]): readonly Json[] =>
  decisions.filter((decision) => isWorthNoting(decision) && !isRelays(decision)).map(plain);

const sameDecisions = (a: readonly Decision[], b: readonly Decision[]): void => assert.deepEqual(noted(a), noted(b));

const SIGNATURE = /^DKIM-Signature:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*/gm;

const enveloped = (message: AcceptedMessage | null): unknown =>
  message && {
    sender: message.envelope.sender,
    smtputf8: message.envelope.smtputf8,
    recipients: message.recipients,
    state: [message.state, message.reason],
    header: message.content.header.toString('latin1').replace(SIGNATURE, 'DKIM-Signature: …\r\n'),
    origin: {
      ...message.origin,
      transaction: '',
      facts: { ...message.origin.facts, 'connection.id': '', 'tls.cipher': '', 'tls.sni': '' },
    },
  };

const sameEnvelope = ({ accepted, routes }: Heard, simulated: Simulation, explanation: Explanation): void => {
  assert.deepEqual(enveloped(simulated.queued), enveloped(accepted));
  const recipients = accepted?.recipients.map(({ address }) => address);
  assert.deepEqual(explanation.envelope, accepted && { sender: accepted.envelope.sender, recipients });
  assert.deepEqual(explanation.routes, routes);
};

const sameByHand = ({ accepted, decisions }: Heard, naive: NaiveSession): void => {
  sameDecisions(
    naive.decisions,
    decisions.filter(({ hook }) => !['reset', 'disconnect', 'get_mx'].includes(hook)),
  );
  const byHand = naive.envelope && {
    sender: naive.envelope.sender,
    recipients: naive.envelope.recipients.map(({ address, grant, rule }) => ({ address, grant: grant ?? rule })),
  };
  const queued = accepted && {
    sender: accepted.envelope.sender,
    recipients: accepted.recipients.map(({ address, grant }) => ({ address, grant })),
  };
  assert.deepEqual(byHand, queued);
};

/** Addresses that the policy writes out in `add_recipient` or `redirect_to`, in lower case. */
const writtenOut = ({ rules = [] }: JsonObject): ReadonlySet<string> => {
  const actions = asArray(rules).flatMap((rule) => (isObject(rule) ? asArray(rule.then ?? []) : []));
  const named = actions.flatMap((action) => (isObject(action) ? [action.add_recipient ?? [], action.redirect_to ?? []] : []));
  return new Set(named.flatMap(asArray).flatMap((text) => (typeof text === 'string' && !text.includes('${') ? [text.toLowerCase()] : [])));
};

/** Nobody is in the envelope but by a grant, found anew by hand for exactly this address, or by the author's own word. */
const onlyByGrant = ({ accepted }: Heard, naive: NaiveSession, written: JsonObject): void => {
  const authors = writtenOut(written);
  const granted = new Map(naive.envelope?.recipients.map(({ address, grant }) => [address.toLowerCase(), grant]));
  for (const { address, grant } of accepted?.recipients ?? []) {
    const held = granted.get(address.toLowerCase());
    assert.ok(authors.has(address.toLowerCase()) || (typeof held === 'string' && held === grant), `${address} by ${grant}`);
  }
};

const simulated = (site: Site, one: Visit): Promise<Simulation> => {
  const script = scriptOf(one);
  return simulate(script, { site, finder: simulationFinder(site, script, { elsewhere: async () => new Unknown('not given') }) });
};

interface Bench {
  readonly temp: TempSite;
  readonly served: ServedSite;
}

interface Evaluated {
  readonly one: Visit;
  readonly grants: ReturnType<typeof compiled>;
  readonly written: JsonObject;
}

const agree = async ({ served }: Bench, site: Site, { one, grants, written }: Evaluated): Promise<Simulation> => {
  const heard = await served.hear(one);
  const [explanation, simulation] = [await explain(site, scriptOf(one), false), await simulated(site, one)];
  sameReplies(heard, explanation, one);
  sameDecisions(
    heard.decisions,
    simulation.steps.filter(({ hook }) => hook !== 'get_mx' && hook !== 'disconnect').map(({ decision }) => decision),
  );
  sameEnvelope(heard, simulation, explanation);
  const naive = await new NaiveRun({ policy: site.policy, grants, hostname: HOSTNAME, now: NOON }, one).run();
  sameByHand(heard, naive);
  onlyByGrant(heard, naive, written);
  return simulation;
};

/** The sessions once more as tests beside the rules. */
const testsHold = async ({ temp }: Bench, written: JsonObject, sessions: readonly (readonly [Visit, Simulation])[]): Promise<void> => {
  const files: Record<string, string> = {};
  const counting = countingOf(written);
  const tests = sessions.flatMap(([one, simulation], index) => {
    const step = simulation.refusal ?? simulation.steps.findLast(({ hook }) => hook === 'queue');
    const found = step && testOf(one, `visit-${index}`, { expect: expectationOf(saidAt(step), simulation), counting });
    files[`test/visit-${index}.eml`] = (scriptOf(one).message ?? '').toString();
    return found ? [found] : [];
  });
  await temp.write({ ...files, 'rules/10-policy.yaml': stringify({ ...written, tests }) });
  const report = await runTests(loaded(temp));
  const failed = report.results.filter(({ failures }) => failures.length > 0);
  assert.deepEqual(
    failed.map(({ name, failures }) => [name, failures]),
    [],
  );
};

/** What the log tells of the sessions, judged again under the policy they had: nothing comes out otherwise. */
const replaysAlike = async ({ served }: Bench, sites: ReadonlyMap<string, Site>): Promise<number> => {
  const entries = served.takeJudged();
  for (const entry of entries) {
    const site = sites.get(entry.policy);
    assert.ok(site, 'recorded under a policy of this test');
    const again = await judgeAgain(entry, site);
    assert.deepEqual(differencesOf(entry, again), [], JSON.stringify(entry));
    assert.doesNotMatch(JSON.stringify(again.steps.map(({ decision }) => decision.trace)), new RegExp(NOT_RECORDED));
  }
  return entries.length;
};

const bench = async (context: TestContext): Promise<Bench> => {
  const temp = await agreementSite(context);
  return { temp, served: await ServedSite.open(context, temp) };
};

test(`serve, explain, test, decide and replay agree: ${SESSIONS} sessions from seed ${SEED}`, async (context) => {
  const prepared = await bench(context);
  const sites = new Map<string, Site>();
  let replayed = 0;
  const property = fc.asyncProperty(policy, fc.array(visit, { minLength: VISITS, maxLength: VISITS }), async (written, visits) => {
    const grants = compiled(stringify({ version: 1, grants: written.grants ?? [] }), '10-policy');
    await prepared.temp.write({ 'rules/10-policy.yaml': stringify(written) });
    const site = loaded(prepared.temp);
    prepared.served.take(site);
    sites.set(site.policy.version, site);
    const sessions: (readonly [Visit, Simulation])[] = [];
    for (const one of visits) sessions.push([one, await agree(prepared, site, { one, grants, written })]);
    replayed += await replaysAlike(prepared, sites);
    await testsHold(prepared, written, sessions);
  });
  await fc.assert(property, {
    seed: SEED,
    numRuns: Math.ceil(SESSIONS / VISITS),
    includeErrorInReport: true,
    endOnFailure: process.env.RELAYCTL_UNSHRUNK !== undefined,
  });
  assert.ok(replayed > SESSIONS / 2, `${replayed} replayed`);
});
