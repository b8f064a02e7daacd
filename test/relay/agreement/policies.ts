import fc from 'fast-check';
import { type Hook, hookOrder } from '../../../src/policy/hook.ts';
import type { Json, JsonObject } from '../../../src/policy/json.ts';
import { HELOS, IPS, USERS } from './visits.ts';

/*
 * Random policies over facts of every source: what a client says, what is derived from it, what its message
 * holds, what the world answers, what rules have left, and what counts. Few values each, so that they meet.
 */

interface Word {
  readonly values: readonly (string | number | boolean)[];
  readonly from: Hook;
  /** The last hook that knows it. */
  readonly to?: Hook;
}

const WORDS: Readonly<Record<string, Word>> = {
  'client.ip': { values: IPS, from: 'connect' },
  'client.net': { values: ['192.0.2.0/24'], from: 'connect' },
  'client.rdns': { values: ['a.example', '.b.example'], from: 'connect' },
  'client.fcrdns': { values: [true, false], from: 'connect' },
  listener: { values: ['mx'], from: 'connect' },
  'result.x': { values: ['one', 'two', 'a_b'], from: 'connect' },
  tag: { values: ['t', 'u'], from: 'connect' },
  score: { values: [0, 2, 4], from: 'connect' },
  'time.hour': { values: [12, 3], from: 'connect' },
  'helo.name': { values: HELOS, from: 'helo' },
  'helo.verb': { values: ['EHLO', 'HELO'], from: 'helo' },
  'tls.active': { values: [true, false], from: 'helo' },
  'auth.user': { values: USERS, from: 'mail' },
  'sender.address': { values: ['s@a.example', 'z@b.example'], from: 'mail' },
  'sender.domain': { values: ['a.example', 'b.example'], from: 'mail' },
  'sender.null': { values: [true, false], from: 'mail' },
  'sender.resolvable': { values: [true, false], from: 'mail' },
  'spf.result': { values: ['pass', 'fail'], from: 'mail' },
  'message.smtputf8': { values: [true, false], from: 'mail' },
  'recipient.address': { values: ['x@d.example', 'postmaster@relay.example.com'], from: 'rcpt', to: 'rcpt' },
  'recipient.local': { values: ['x', 'y', 'postmaster'], from: 'rcpt', to: 'rcpt' },
  'recipient.domain': { values: ['d.example', 'e.example', 'relay.example.com'], from: 'rcpt', to: 'rcpt' },
  'recipient.index': { values: [0, 1], from: 'rcpt', to: 'rcpt' },
  recipients: { values: ['x@d.example', 'y@d.example', 'x@e.example'], from: 'data', to: 'queue' },
  'recipients.count': { values: [1, 2], from: 'data', to: 'queue' },
  grant: { values: ['inbound', 'chance'], from: 'data', to: 'queue' },
  'header.x-kind': { values: ['one', 'two'], from: 'data_post', to: 'queue' },
  'header.Subject': { values: ['hello', 'One'], from: 'data_post', to: 'queue' },
  'header.X-To': { values: ['x@d.example'], from: 'data_post', to: 'queue' },
  'header.Authentication-Results': { values: ['x'], from: 'data_post', to: 'queue' },
  'from.domain': { values: ['a.example', 'e.example'], from: 'data_post', to: 'queue' },
  'message.received_count': { values: [0, 1], from: 'data_post', to: 'queue' },
  'body.text': { values: ['Hello.'], from: 'data_post', to: 'queue' },
  'dkim.result': { values: ['pass', 'none'], from: 'data_post', to: 'queue' },
};

const knownAt = (hook: Hook): readonly string[] =>
  Object.entries(WORDS)
    .filter(([, { from, to = 'queue' }]) => hookOrder(hook) >= hookOrder(from) && hookOrder(hook) <= hookOrder(to))
    .map(([name]) => name);

const KEPT = [
  'client.ip',
  'helo.name',
  'tls.active',
  'result.x',
  'tag',
  'sender.domain',
  'recipient.address',
  'recipient.domain',
  'auth.user',
];

const entryOf = (names: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.constantFrom(...names).chain((name) => {
    const value: fc.Arbitrary<Json> = fc.constantFrom(...(WORDS[name]?.values ?? ['x@d.example']));
    return fc
      .oneof<fc.Arbitrary<Json>[]>(
        value,
        fc.record({ ne: value }),
        fc.record({ not_in: fc.tuple(value) }),
        fc.record({ exists: fc.boolean() }),
      )
      .map((operand) => ({ [name]: operand }));
  });

const conditionOf = (names: readonly string[]): fc.Arbitrary<JsonObject> =>
  fc.letrec<{ condition: JsonObject }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 2 },
      fc.array(entryOf(names), { minLength: 1, maxLength: 2 }).map((entries): JsonObject => Object.assign({}, ...entries)),
      fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ none: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ not: tie('condition') }),
    ),
  })).condition;

const EFFECTS: readonly JsonObject[] = [
  { set: { x: 'one' } },
  { tag: ['t'] },
  { tag: ['u'] },
  { score: 2 },
  { skip: ['g'] },
  { log: '${result.x} ${score}' },
];
const send = (to: string, from: string): JsonObject => ({ send: { to, from, subject: '${header.subject}', text: 't' } });
const MESSAGE_EFFECTS: readonly JsonObject[] = [
  { add_recipient: 'y@d.example' },
  { add_recipient: 'archive@else.example' },
  { add_recipient: ['archive@else.example', '${header.X-To}'] },
  { add_recipient: '${result.x}@d.example' },
  { redirect_to: 'x@e.example' },
  { redirect_to: '${header.x-to}' },
  { redirect_to: ['y@d.example', '${sender.address}'] },
  { add_header: { name: 'X-Kind', value: 'two' } },
  { add_header: { name: 'x-new', value: '${result.x} ${spf.result}' } },
  { replace_header: { name: 'x-KIND', value: 'two' } },
  { replace_header: { name: 'Subject', value: '[x] ${header.Subject}' } },
  { remove_header: 'subject' },
  { remove_header: 'Authentication-Results' },
  { set: { x: '${header.X-Kind}' } },
  send('${header.x-to}', 'relay@d.example'),
];
const REWRITES: readonly JsonObject[] = [
  { rewrite_recipient: 'y@d.example' },
  { rewrite_recipient: 'x@e.example' },
  { rewrite_recipient: 'x@nowhere.example' },
];
const SENDERS: readonly JsonObject[] = [
  { rewrite_sender: 'z@b.example' },
  { rewrite_sender: 'bounce@${helo.name}' },
  { rewrite_sender: '${sender.local}@a.example' },
];
const OWN_EFFECTS: Readonly<Partial<Record<Hook, readonly JsonObject[]>>> = {
  connect: [{ tarpit: '1ms' }],
  helo: [{ set: { x: '${helo.name}' } }, { tarpit: '1ms' }],
  mail: [...SENDERS, { set: { x: '${sender.local}' } }],
  rcpt: [...SENDERS, ...REWRITES, { rewrite_recipient: '${recipient.local}@d.example' }, { rewrite_recipient: '${helo.name}@d.example' }],
  data_post: [...SENDERS, ...REWRITES, { rewrite_recipient: '${header.X-To}' }, ...MESSAGE_EFFECTS],
  queue: [...MESSAGE_EFFECTS, { sign_dkim: { domain: 'd.example', selector: 's1', key: 'config/dkim.pem' } }],
};
const VERDICTS: readonly JsonObject[] = [
  { accept: true },
  { reject: '550 5.7.1 No ${result.x}' },
  { defer: '451 4.7.1 Later ${client.ip}' },
  { disconnect: true },
  { defer: '421 4.7.0 Not now' },
];
const OWN_VERDICTS: Readonly<Partial<Record<Hook, readonly JsonObject[]>>> = {
  rcpt: [{ greylist: { delay: '10m' } }],
  data_post: [{ discard: true }, { quarantine: { reason: 'odd ${header.subject}' } }],
  queue: [{ discard: true }, { quarantine: { reason: 'odd' } }],
};

const LIMIT: JsonObject = { key: ['client.net'], count: 'messages', max: 1000, per: '1h' };

const rulesAt = (hook: Hook): fc.Arbitrary<readonly JsonObject[]> => {
  const effect = fc.constantFrom(...EFFECTS, ...(OWN_EFFECTS[hook] ?? []), ...(OWN_EFFECTS[hook] ?? []));
  const verdict = fc.option(fc.constantFrom(...VERDICTS, ...(OWN_VERDICTS[hook] ?? [])), { freq: 2 });
  const then = fc.tuple(effect, verdict).map(([first, last]) => (last === null ? [first] : [first, last]));
  const shape = {
    when: conditionOf(knownAt(hook)),
    then,
    group: fc.constant('g'),
    on_unknown: fc.constant('defer'),
    limit: fc.constant(LIMIT),
  };
  const rule = fc.record(shape, { requiredKeys: ['when', 'then'] });
  return fc
    .array(rule, { maxLength: 2 })
    .map((rules) => rules.map((one, index) => ({ id: `${hook}-${index}`.replace('_', '-'), on: hook, ...one })));
};

const HOOKS: readonly Hook[] = ['connect', 'helo', 'mail', 'rcpt', 'data', 'data_post', 'queue'];

const routes: fc.Arbitrary<readonly JsonObject[]> = fc.tuple(conditionOf(KEPT), conditionOf(KEPT)).map(([first, second]) => [
  { id: 'first', when: first, to: 'smtp://192.0.2.50:25' },
  { id: 'second', when: second, to: 'lmtp://192.0.2.51:24' },
  { id: 'rest', to: 'discard:' },
]);

/** What somebody may know at `rcpt` that decides a grant. */
const GRANTED = knownAt('rcpt').filter((name) => !['message.smtputf8'].includes(name));

/** A policy file; lets d.example in, e.example and the postmaster by chance. */
export const policy: fc.Arbitrary<JsonObject> = fc
  .tuple(conditionOf(GRANTED), fc.tuple(...HOOKS.map(rulesAt)), routes)
  .map(([more, rules, ways]) => ({
    version: 1,
    grants: [
      { id: 'inbound', when: { 'recipient.domain': 'd.example' } },
      { id: 'chance', when: { all: [{ 'recipient.domain': ['e.example', 'relay.example.com', 'xn--bcher-kva.example'] }, more] } },
    ],
    rules: rules.flat(),
    routes: ways,
  }));
