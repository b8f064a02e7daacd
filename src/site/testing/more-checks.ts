import { type RawHeader, splitMessage } from '../../message/header.ts';
import type { AppliedEffect, Effect } from '../../policy/decision.ts';
import { asArray, isObject, type Json } from '../../policy/json.ts';
import { normalAddress, normalDomain } from '../../policy/mailbox.ts';
import { parseDuration } from '../../policy/quantity.ts';
import type { TestExpectation } from '../../policy/syntax.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { differFromSet, differs, type Failures, lacking, NONE } from './failures.ts';

/*
 * What a test may expect beside the decision: what became of envelope, header and queue entry. One entry a word.
 */

interface Met {
  readonly simulation: Simulation;
  readonly expect: TestExpectation;
  readonly wanted: Json;
}

const ABSENT = 'absent';

const texts = (wanted: Json): readonly string[] => asArray(wanted).map(String);

const lower = (wanted: Json): readonly string[] => texts(wanted).map((one) => one.toLowerCase());

const headerNames = (fields: readonly string[]): readonly string[] =>
  fields.map((field) => field.slice(0, Math.max(field.indexOf(':'), 0)).toLowerCase());

/** What can only be said of a message that was queued. */
const ofQueued = (name: string, { simulation, wanted }: Met, check: (queued: NonNullable<Simulation['queued']>) => Failures): Failures =>
  simulation.queued ? check(simulation.queued) : [`expected ${name} ${JSON.stringify(wanted)}, but nothing was queued`];

/** Effects of a kind: those of the hook that the test speaks of, if it names one. */
const effectsOf = <E extends Effect['effect']>({ simulation, expect }: Met, kind: E): readonly Extract<AppliedEffect, { effect: E }>[] =>
  simulation.steps
    .filter(({ hook }) => expect.at === null || hook === expect.at)
    .flatMap(({ decision }) => decision.effects)
    .filter((effect): effect is Extract<AppliedEffect, { effect: E }> => effect.effect === kind);

const refused = ({ simulation, wanted }: Met): Failures => {
  const fates = simulation.recipients.filter(({ refusal }) => refusal !== null).flatMap(({ recipient }) => recipient ?? []);
  return differFromSet('refused', texts(wanted).map(normalAddress), fates.map(normalAddress));
};

const recipients = (met: Met): Failures =>
  ofQueued('recipients', met, ({ recipients: found }) =>
    differFromSet(
      'recipients',
      texts(met.wanted).map(normalAddress),
      found.map(({ address }) => normalAddress(address)),
    ),
  );

const sender = (met: Met): Failures =>
  ofQueued('sender', met, ({ envelope }) => differs('sender', normalAddress(String(met.wanted)), normalAddress(envelope.sender || ABSENT)));

interface Signature {
  readonly domain: string;
  readonly selector: string;
}

const shownSignature = ({ domain, selector }: Signature): string => `{ domain: ${domain}, selector: ${selector} }`;

const signed = (met: Met): Failures =>
  ofQueued('signed', met, () => {
    const found = effectsOf({ ...met, expect: { ...met.expect, at: 'queue' } }, 'sign_dkim');
    const { wanted } = met;
    if (wanted === ABSENT) return found.length === 0 ? NONE : [`expected no signature, got ${found.map(shownSignature).join(', ')}`];
    const { domain, selector }: { [name: string]: Json } = isObject(wanted) ? wanted : { domain: wanted };
    const matches = (one: Signature): boolean =>
      one.domain === normalDomain(String(domain)) && (selector === undefined || one.selector === selector);
    return found.some(matches)
      ? NONE
      : [`expected signed ${JSON.stringify(wanted)}, got ${found.map(shownSignature).join(', ') || 'none'}`];
  });

const hold = (met: Met): Failures => {
  const longest = Math.max(0, ...effectsOf(met, 'hold').map(({ milliseconds }) => milliseconds));
  const wanted = met.wanted === ABSENT ? 0 : parseDuration(String(met.wanted));
  return wanted === longest ? NONE : [`expected hold ${String(met.wanted)}, got ${longest === 0 ? 'none' : `${longest / 1000}s`}`];
};

const dsn = (met: Met): Failures => differs('dsn', met.wanted, effectsOf(met, 'dsn').at(-1)?.amount ?? ABSENT);

/** Of some recipient's route, like `route`. */
const tls = ({ simulation, wanted }: Met): Failures => {
  const found = simulation.steps.flatMap(({ decision }) => (decision.route ? [decision.route.tls ?? ABSENT] : []));
  return found.some((one) => one === wanted) ? NONE : differs('tls', wanted, found.join(', ') || 'no route');
};

const CHECKS: Readonly<Record<string, (met: Met) => Failures>> = {
  tag: ({ simulation, wanted }) => lacking('tag', texts(wanted), simulation.results.tags),
  score: ({ simulation, wanted }) => differs('score', wanted, simulation.results.score),
  added: ({ simulation, wanted }) => lacking('added header', lower(wanted), headerNames(simulation.added)),
  removed: ({ simulation, wanted }) => lacking('removed header', lower(wanted), headerNames(simulation.removed)),
  tls,
  recipients,
  refused,
  sender,
  signed,
  hold,
  dsn,
};

const result = (name: string, { simulation, wanted }: Met): Failures => {
  const found = simulation.results.results[name] ?? ABSENT;
  return wanted === found ? NONE : differs(`result.${name}`, wanted, found);
};

const headerOf = ({ content }: NonNullable<Simulation['queued']>): RawHeader => splitMessage(content.header).header;

const header = (name: string, met: Met): Failures =>
  ofQueued(`header.${name}`, met, (queued) => {
    const wanted = met.wanted === ABSENT ? [] : texts(met.wanted);
    const found = headerOf(queued).values(name);
    const isSame = wanted.length === found.length && wanted.every((value, index) => value === found[index]);
    return isSame ? NONE : [`expected header.${name} ${shownValues(wanted)}, got ${shownValues(found)}`];
  });

const shownValues = (values: readonly string[]): string =>
  values.length === 0 ? ABSENT : values.map((one) => JSON.stringify(one)).join(', ');

const check = (key: string, met: Met): Failures => {
  if (key.startsWith('result.')) return result(key.slice('result.'.length), met);
  if (key.startsWith('header.')) return header(key.slice('header.'.length), met);
  return CHECKS[key]?.(met) ?? [`there is no expectation ${key}`];
};

/** What rules left behind: recipients, header fields, results, tags, score, and what becomes of the message in the queue. */
export const checkMore = (simulation: Simulation, expect: TestExpectation): Failures => {
  const { value } = expect.more;
  return isObject(value) ? Object.entries(value).flatMap(([key, wanted]) => check(key, { simulation, expect, wanted })) : NONE;
};
