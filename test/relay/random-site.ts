import fc from 'fast-check';
import { type Hook, hookOrder } from '../../src/policy/hook.ts';
import type { Json, JsonObject } from '../../src/policy/json.ts';

/*
 * Random policies over facts that a client can choose at a socket, and random clients. A handful of facts,
 * each with a handful of values, so that conditions often meet.
 */

interface Word {
  readonly values: readonly string[];
  readonly from: Hook;
  /** The only hook, where later ones do not know it. */
  readonly only?: Hook;
}

const IPS = ['192.0.2.1', '198.51.100.7'];
const NAMES = ['a.example', 'b.example'];
const ADDRESSES = ['x@d.example', 'y@d.example', 'x@e.example'];

const WORDS: Readonly<Record<string, Word>> = {
  'client.ip': { values: IPS, from: 'connect_init' },
  'result.x': { values: ['one', 'two'], from: 'connect_init' },
  tag: { values: ['t', 'u'], from: 'connect_init' },
  'helo.name': { values: NAMES, from: 'helo' },
  'sender.domain': { values: NAMES, from: 'mail' },
  'spf.result': { values: ['pass', 'fail'], from: 'mail' },
  'recipient.domain': { values: ['d.example', 'e.example'], from: 'rcpt', only: 'rcpt' },
  recipients: { values: ADDRESSES, from: 'data' },
  'header.x-kind': { values: ['one', 'two'], from: 'data_post' },
};

const knownAt = (hook: Hook): readonly string[] =>
  Object.entries(WORDS)
    .filter(([, { from, only }]) => hookOrder(hook) >= hookOrder(from) && (only ?? hook) === hook)
    .map(([name]) => name);

const entryAt = (hook: Hook): fc.Arbitrary<JsonObject> =>
  fc.constantFrom(...knownAt(hook)).chain((name) => {
    const value = fc.constantFrom(...(WORDS[name]?.values ?? []));
    return fc
      .oneof<fc.Arbitrary<Json>[]>(
        value,
        fc.record({ ne: value }),
        fc.record({ not_in: fc.tuple(value) }),
        fc.record({ exists: fc.boolean() }),
      )
      .map((operand) => ({ [name]: operand }));
  });

const conditionAt = (hook: Hook): fc.Arbitrary<JsonObject> =>
  fc.letrec<{ condition: JsonObject }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      fc.array(entryAt(hook), { minLength: 1, maxLength: 2 }).map((entries): JsonObject => Object.assign({}, ...entries)),
      fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ none: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ not: tie('condition') }),
    ),
  })).condition;

const EFFECTS: readonly JsonObject[] = [
  { set: { x: 'one' } },
  { set: { x: 'two' } },
  { tag: ['t'] },
  { score: 2 },
  { skip: ['g'] },
  { log: '${result.x} ${score}' },
];
const OWN_EFFECTS: Readonly<Partial<Record<Hook, readonly JsonObject[]>>> = {
  mail: [{ rewrite_sender: 'z@b.example' }],
  rcpt: [{ rewrite_recipient: 'y@d.example' }, { rewrite_recipient: 'x@e.example' }],
  data_post: [{ redirect_to: 'x@e.example' }, { add_recipient: 'y@d.example' }, { replace_header: { name: 'X-Kind', value: 'two' } }],
};
const VERDICTS: readonly JsonObject[] = [
  { accept: true },
  { reject: '550 5.7.1 No ${result.x}' },
  { defer: '451 4.7.1 Later ${client.ip}' },
  { disconnect: true },
  { defer: '421 4.7.0 Not now' },
];

const rulesAt = (hook: Hook): fc.Arbitrary<readonly JsonObject[]> => {
  const effect = fc.constantFrom(...EFFECTS, ...(OWN_EFFECTS[hook] ?? []));
  const verdict = fc.option(fc.constantFrom(...VERDICTS, ...(hook === 'data_post' ? [{ discard: true }] : [])), { freq: 2 });
  const then = fc.tuple(effect, verdict).map(([first, last]) => (last === null ? [first] : [first, last]));
  const shape = { when: conditionAt(hook), then, group: fc.constant('g'), on_unknown: fc.constant('defer') };
  const rule = fc.record(shape, { requiredKeys: ['when', 'then'] });
  return fc
    .array(rule, { maxLength: 2 })
    .map((rules) => rules.map((one, index) => ({ id: `${hook}-${index}`.replace('_', '-'), on: hook, ...one })));
};

const HOOKS: readonly Hook[] = ['connect', 'helo', 'mail', 'rcpt', 'data', 'data_post', 'queue'];

/** A policy file without routes; lets d.example in, and e.example by chance. */
export const policy: fc.Arbitrary<JsonObject> = fc.tuple(conditionAt('rcpt'), fc.tuple(...HOOKS.map(rulesAt))).map(([more, rules]) => ({
  version: 1,
  grants: [
    { id: 'inbound', when: { 'recipient.domain': 'd.example' } },
    { id: 'chance', when: { all: [{ 'recipient.domain': 'e.example' }, more] } },
  ],
  rules: rules.flat(),
}));

/** What a client is and says. */
export interface Visit {
  readonly ip: string;
  readonly helo: string;
  /** Empty for the null sender. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** X-Kind of the message; `null` for none. */
  readonly kind: string | null;
}

export const visit: fc.Arbitrary<Visit> = fc.record({
  ip: fc.constantFrom(...IPS),
  helo: fc.constantFrom(...NAMES),
  sender: fc.constantFrom('', 's@a.example', 's@b.example'),
  recipients: fc.uniqueArray(fc.constantFrom(...ADDRESSES), { minLength: 1, maxLength: 3 }),
  kind: fc.option(fc.constantFrom('one', 'two')),
});
