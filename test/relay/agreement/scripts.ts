import { asArray, isObject, type Json, type JsonObject } from '../../../src/policy/json.ts';
import { type FactValue, isCollection, Unknown } from '../../../src/policy/value.ts';
import type { Said } from '../../../src/site/simulation/said.ts';
import type { Script } from '../../../src/site/simulation/script.ts';
import type { Simulation } from '../../../src/site/simulation/simulation.ts';
import { NOON } from './served.ts';
import { serverOf, type Visit } from './visits.ts';

/** The visit as `explain` is told of it. */
export const scriptOf = (visit: Visit): Script => {
  const { ip, helo, verb, tls, user, sender, smtputf8, recipients, message, found, counts } = visit;
  const given: [string, FactValue][] = [
    ['client.ip', ip],
    ['client.port', 40_000],
    ['server.ip', serverOf(visit)],
    ['server.port', 25],
    ['listener', 'mx'],
    ['helo.name', helo],
    ['helo.verb', verb],
    ['tls.active', tls],
    ['sender.address', sender === '' ? null : sender],
    ['message.smtputf8', smtputf8],
    ...Object.entries(found),
    ...Object.entries(counts),
  ];
  if (user !== null) given.push(['auth.user', user], ['auth.method', 'plain']);
  return { given: new Map(given), recipients, message, now: NOON };
};

const written = (value: FactValue): Json => {
  if (value === null) return 'absent';
  if (value instanceof Unknown) return 'unknown';
  return isCollection(value) ? value.map(String) : value;
};

/** Facts that a test of a policy may not give in the form in which a client says them. */
const isPlain = ({ recipients, sender, helo }: Visit): boolean =>
  [...recipients, sender || 'a@b.example'].every((address) => /^[\w.+]+@[\w.]+$/.test(address)) && helo.includes('.');

export interface Tested {
  readonly expect: JsonObject;
  /** `limit.<id>` and `greylist.<id>` of the rules that count: no other answer may be given. */
  readonly counting: ReadonlySet<string>;
}

/** What of the rules of a policy counts. */
export const countingOf = ({ rules = [] }: JsonObject): ReadonlySet<string> =>
  new Set(
    asArray(rules).flatMap((rule) => {
      if (!isObject(rule)) return [];
      const kinds = [rule.limit === undefined ? [] : ['limit'], JSON.stringify(rule.then).includes('greylist') ? ['greylist'] : []];
      return kinds.flat().map((kind) => `${kind}.${String(rule.id)}`);
    }),
  );

/** The visit as a test beside the rules; `null` where it says what no test can. Look-ups that nobody makes are unknown. */
export const testOf = (visit: Visit, name: string, { expect, counting }: Tested): JsonObject | null => {
  if (!isPlain(visit)) return null;
  const { given, recipients } = scriptOf(visit);
  const unknowns = ['spf.result', 'client.rdns', 'client.fcrdns', 'dkim.result', 'sender.resolvable'].map((fact) => [fact, 'unknown']);
  const counts = ([fact, value]: [string, FactValue]): [string, Json] => [
    fact.replace(/^(limit|greylist)\./, '$1.10-policy/'),
    written(value),
  ];
  const known = [...given].filter(([fact]) => !/^(limit|greylist)\./.test(fact) || counting.has(fact));
  const facts = { ...Object.fromEntries(unknowns), ...Object.fromEntries(known.map(counts)), recipients: [...recipients] };
  return { name, given: facts, message: `test/${name}.eml`, expect };
};

/** What a test may expect of a session that said this at its end. */
export const expectationOf = ({ verdict, by, reply }: Said, { refusal, queued, recipients }: Simulation): JsonObject => ({
  verdict: verdict === 'none' && refusal === null ? 'accept' : verdict,
  code: reply?.code ?? 250,
  ...(reply === null ? {} : { enhanced: reply.enhanced, text: reply.text }),
  ...(by === '' ? {} : { by }),
  ...(queued === null
    ? {}
    : {
        recipients: queued.recipients.map(({ address }) => address),
        sender: queued.envelope.sender === '' ? 'absent' : queued.envelope.sender,
      }),
  ...(recipients.some((fate) => fate.refusal !== null) && queued !== null
    ? { refused: recipients.flatMap((fate) => (fate.refusal === null ? [] : [fate.recipient ?? ''])) }
    : {}),
});
