import fc from 'fast-check';
import type { Hook } from '../../../src/policy/hook.ts';
import type { Json, JsonObject } from '../../../src/policy/json.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';

/* Random policies whose rules hand on what they find, over several hooks, and what their look-ups may find. */

const HOOKS = ['lookup_rdns', 'connect', 'helo', 'mail', 'rcpt', 'data', 'data_post', 'queue', 'get_mx'] as const;
type PlayedHook = (typeof HOOKS)[number];

/** Every look-up a policy may make, with all that may be found. */
export const FINDINGS: Readonly<Record<string, readonly FactValue[]>> = {
  'dnsbl.zen': [null, ['sbl']],
  'client.rdns': [null, 'a.example', 'b.example'],
  'spf.result': ['pass', 'fail'],
  'sender.resolvable': [true, false],
  'dkim.result': ['pass', 'none'],
  'limit.p/limited': [true, false],
  'greylist.p/grey': [true, false],
};

const between = (first: Hook, hooks: readonly Hook[]): readonly Hook[] => hooks.slice(hooks.indexOf(first));

/** Facts, the tests that may be made of them, and the hooks at which they may be asked. */
const TESTS: readonly { readonly fact: string; readonly at: readonly Hook[]; readonly tests: readonly Json[] }[] = [
  { fact: 'dnsbl.zen', at: between('connect', HOOKS.slice(0, 8)), tests: [{ exists: true }, { exists: false }, 'sbl'] },
  { fact: 'client.rdns', at: between('connect', HOOKS), tests: [{ exists: true }, 'a.example', { ne: 'a.example' }] },
  { fact: 'spf.result', at: between('mail', HOOKS.slice(0, 8)), tests: ['pass', { ne: 'pass' }] },
  { fact: 'sender.resolvable', at: between('mail', HOOKS.slice(0, 8)), tests: [true, false] },
  { fact: 'sender.domain', at: between('mail', HOOKS), tests: ['one.example', { ne: 'one.example' }] },
  { fact: 'sender.local', at: between('mail', HOOKS), tests: ['s', { exists: false }] },
  { fact: 'recipient.local', at: ['rcpt', 'get_mx'], tests: ['ann', 'bob'] },
  { fact: 'dkim.result', at: ['data_post', 'queue'], tests: ['pass', { ne: 'pass' }] },
  { fact: 'header.x-a', at: ['data_post', 'queue'], tests: [{ exists: true }, 'v', { ne: 'v' }, { count: 1 }, { contains: 'a' }] },
  { fact: 'result.x', at: HOOKS, tests: ['one', { ne: 'one' }, { exists: false }, { in: ['one', 'two'] }, { same_as: 'result.y' }] },
  { fact: 'result.y', at: HOOKS, tests: ['pass', { exists: true }] },
  {
    fact: 'tag',
    at: HOOKS,
    tests: [
      't',
      { ne: 't' },
      { not_in: ['t', 'u'] },
      { exists: true },
      { count: 1 },
      { count: { gte: 2 } },
      { every: 't' },
      { any: { in: ['u', 'pass'] } },
      { contains: 'a' },
    ],
  },
  { fact: 'score', at: HOOKS, tests: [{ gt: 1 }, { lt: 1 }, { gte: 0 }, 0, { ne: 2 }] },
  { fact: 'grant', at: ['rcpt', 'data', 'data_post', 'queue', 'get_mx'], tests: ['g0', 'g1', { not_in: ['g0'] }, { exists: true }] },
];

const conditionAt = (hook: Hook, asksGrant: boolean): fc.Arbitrary<JsonObject> => {
  const allowed = TESTS.filter(({ fact, at }) => at.includes(hook) && (asksGrant || fact !== 'grant'));
  const leaf = fc
    .constantFrom(...allowed)
    .chain(({ fact, tests }) => fc.constantFrom(...tests).map((one): JsonObject => ({ [fact]: one })));
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: leaf.map((not) => ({ not })) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map((any) => ({ any })) },
  );
};

const ANYWHERE: readonly JsonObject[] = [
  { set: { x: 'one' } },
  { set: { x: 'two', y: 'pass' } },
  { set: { x: '${result.y}' } },
  { set: { y: '${client.rdns}' } },
  { tag: 't' },
  { tag: ['t', 'u'] },
  { tag: '${result.x}' },
  { score: 1 },
  { score: 2 },
  { score: -1 },
  { skip: 'g' },
  { skip: ['g', 'h'] },
];

const ONLY_AT: Readonly<Partial<Record<Hook, readonly JsonObject[]>>> = {
  lookup_rdns: [{ rdns: 'skip' }, { rdns: 'a.example' }, { rdns: '${result.x}.example' }],
  mail: [{ set: { y: '${spf.result}' } }, { rewrite_sender: 's@one.example' }, { rewrite_sender: 'r@${client.rdns}' }],
  rcpt: [{ set: { y: '${spf.result}' } }, { rewrite_sender: 's@two.example' }],
  data_post: [
    { add_header: { name: 'x-a', value: 'v' } },
    { add_header: { name: 'x-a', value: 'a ${dkim.result}' } },
    { replace_header: { name: 'x-a', value: '${result.x}' } },
    { remove_header: 'x-a' },
    { rewrite_sender: 's@one.example' },
  ],
};

const REFUSALS: readonly JsonObject[] = [{ reject: '550 5.7.1 No' }, { reject: '550 5.7.1 No' }, { defer: '451 4.7.1 Later' }];

const verdictsAt = (hook: Hook): readonly JsonObject[] => {
  if (hook === 'get_mx') return [];
  const accept = { accept: true };
  const message: readonly JsonObject[] = ['data_post', 'queue'].includes(hook) ? [{ discard: true }, { quarantine: { reason: 'r' } }] : [];
  return [...REFUSALS, accept, { disconnect: true }, ...message];
};

const thenAt = (hook: Hook): fc.Arbitrary<Json> => {
  const effects = fc.constantFrom(...ANYWHERE, ...(ONLY_AT[hook] ?? []), ...(ONLY_AT[hook] ?? []));
  const verdicts = verdictsAt(hook);
  const last = verdicts.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...verdicts), { nil: null, freq: 1 });
  return fc
    .tuple(fc.array(effects, { maxLength: 2 }), last)
    .map(([made, verdict]): Json => [...made, ...(verdict === null ? [] : [verdict])])
    .filter((actions) => Array.isArray(actions) && actions.length > 0);
};

const ruleAt = (hook: PlayedHook, asksGrant: boolean): fc.Arbitrary<JsonObject> => {
  const condition = conditionAt(hook, asksGrant);
  const then = thenAt(hook);
  return fc
    .record(
      {
        on: fc.constant(hook),
        when: condition,
        unless: condition.map((one) => [one]),
        group: fc.constantFrom('g', 'h'),
        on_unknown: fc.constantFrom('defer', 'skip', 'skip'),
        mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow'),
        then,
      },
      { requiredKeys: ['on', 'then', 'when'] },
    )
    .map((rule): JsonObject => (rule.mode === 'shadow' ? { ...rule, expires: '2099-01-01' } : rule));
};

const acting = (action: JsonObject): JsonObject => Object.fromEntries([['then', [action]]]);

const LIMITED: JsonObject = {
  id: 'limited',
  on: 'mail',
  limit: { key: 'sender.domain', count: 'messages', max: 1, per: '1m' },
  ...acting({ tag: 'u' }),
};
const GREY: JsonObject = { id: 'grey', on: 'rcpt', ...acting({ greylist: { key: ['sender.domain'] } }) };

export interface RandomSessions {
  readonly policy: JsonObject;
  readonly recipients: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** For each of several sessions, which of its look-ups are unknown, and what the others find. */
  readonly findings: readonly ReadonlyMap<string, FactValue>[];
}

const finding = (name: string): fc.Arbitrary<FactValue> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...(FINDINGS[name] ?? [])) },
    { weight: 3, arbitrary: fc.constant(new Unknown('no answer')) },
  );

const names = Object.keys(FINDINGS);

/** At most four of them, so that all they may find can be tried. */
const found = fc.tuple(...names.map(finding)).map((values) => {
  const unknown = values.flatMap((value, index) => (value instanceof Unknown ? [index] : [])).slice(4);
  return new Map(
    names.map((name, index): readonly [string, FactValue] => [
      name,
      unknown.includes(index) ? (FINDINGS[name]?.[0] ?? null) : (values[index] ?? null),
    ]),
  );
});

const ROUTES: readonly JsonObject[] = [{ id: 'last', to: 'lmtp://next:24' }];

const policyFor = (asksGrant: boolean): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      grants: fc.array(fc.record({ when: conditionAt('rcpt', false) }), { minLength: 1, maxLength: 3 }),
      rules: fc.array(
        fc.constantFrom(...HOOKS).chain((hook) => ruleAt(hook, asksGrant)),
        { minLength: 2, maxLength: 9 },
      ),
      more: fc.subarray([LIMITED, GREY]),
      astray: fc.option(conditionAt('get_mx', true), { nil: null, freq: 3 }),
    })
    .map(
      ({ grants, rules, more, astray }): JsonObject => ({
        version: 1,
        grants: grants.map((grant, index) => ({ id: `g${index}`, ...grant })),
        rules: [...rules.map((one, index) => ({ id: `r${index}`, ...one })), ...more],
        routes: [...(astray === null ? [] : [{ id: 'astray', when: astray, to: 'lmtp://astray:24' }]), ...ROUTES],
      }),
    );

/**
 * A policy and sessions under it. With several recipients no rule behind RCPT asks for the grants: which recipients
 * a message has is for the client to say, and another one where another RCPT was answered.
 */
export const randomSessions: fc.Arbitrary<RandomSessions> = fc.boolean().chain((several) =>
  fc.record({
    policy: policyFor(!several),
    recipients: fc.constant(several ? ['ann@d.example', 'bob@d.example'] : ['ann@d.example']),
    headers: fc.constantFrom<Readonly<Record<string, string>>>({}, { 'x-a': 'v' }),
    findings: fc.array(found, { minLength: 8, maxLength: 8 }),
  }),
);

/** Every way in which what is unknown may come out. */
export const assignments = (given: ReadonlyMap<string, FactValue>): readonly ReadonlyMap<string, FactValue>[] => {
  let all: ReadonlyMap<string, FactValue>[] = [given];
  for (const [name, value] of given)
    if (value instanceof Unknown) all = all.flatMap((one) => (FINDINGS[name] ?? []).map((finding) => new Map([...one, [name, finding]])));
  return all;
};
