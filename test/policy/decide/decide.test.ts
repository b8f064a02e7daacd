import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

type Given = Readonly<Record<string, FactValue>>;

const one = (rule: string, hook: 'connect' | 'data_post', given: Given) =>
  decide(compiled(`version: 1\nrules:\n  - { id: one, on: ${hook}, ${rule} }\n`), hook, given);

test('an unknown fact in a reply does not stop the rule', () => {
  const rule = 'when: { client.ip: 192.0.2.1 }, then: { reject: "554 5.7.1 Go away ${client.rdns}" }';
  for (const given of [{}, { 'client.rdns': new Unknown('timeout') }]) {
    const decision = one(rule, 'connect', { 'client.ip': '192.0.2.1', ...given });
    assert.ok(decision.verdict === 'reject');
    assert.equal(decision.text, 'Go away unknown');
  }
});

test('an unknown fact in an effect or a limit key does not stop the rule', () => {
  assert.equal(one('then: [{ log: "${client.rdns}" }, { tag: seen }]', 'connect', {}).effects.length, 2);
  const limited = 'limit: { key: client.rdns, count: connections, max: 1, per: 1m }, on_unknown: defer, then: reject';
  assert.equal(one(limited, 'connect', {}).verdict, 'defer');
});

test('a count that was not given is unknown: the rule is skipped or defers', () => {
  const limited = (more: string) => `limit: { key: client.ip, count: connections, max: 1, per: 1m }, ${more}then: reject`;
  const given = { 'client.ip': '192.0.2.1' };
  assert.equal(one(limited(''), 'connect', given).verdict, 'none');
  assert.equal(one(limited('on_unknown: defer, '), 'connect', given).verdict, 'defer');
  assert.equal(one(limited(''), 'connect', { ...given, 'limit.p/one': true }).verdict, 'reject');
});

test('a trace says whether the limit was exceeded', () => {
  const policy = compiled(`version: 1
rules: [{ id: one, on: connect, limit: { key: client.ip, count: connections, max: 9, per: 1m }, then: reject }]
`);
  const why = (share: FactValue) =>
    decide(policy, 'connect', { 'client.ip': '192.0.2.1', 'limit.p/one': share }, { trace: true }).trace[0]?.why;
  assert.deepEqual(why(true), ['the limit of 9 connections per client.ip is exceeded']);
  assert.deepEqual(why(false), ['the limit of 9 connections per client.ip is not exceeded']);
  assert.deepEqual(why(new Unknown('no ledger')), ['the limit of 9 connections per client.ip could not be checked']);
});

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

const noisy = fc.string({
  unit: fc.oneof(fc.constantFrom('\r', '\n', '\0', '\x1b', '\x7f', '\x85', '\u2028', '\u2029'), fc.string({ unit: 'binary' })),
});

/** Every text in a value, however deep. */
const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

const SPEAKING = `version: 1
rules:
  - id: one
    on: data_post
    when: { header.subject: { exists: true } }
    then:
      - { log: "a \${header.subject} b" }
      - { tag: "\${header.subject}" }
      - { set: { said: "\${header.subject}" } }
      - { add_header: { name: X-Said, value: "\${header.subject}" } }
      - { reject: "550 5.7.1 \${header.subject}\${body.text}" }
`;

test('text from rules never contains control characters, and a reply fits its line', () => {
  const policy = compiled(SPEAKING);
  fc.assert(
    fc.property(noisy, noisy, (subject, body) => {
      const decision = decide(policy, 'data_post', { 'header.subject': [subject], 'body.text': body.repeat(20) }, { trace: true });
      assert.ok(decision.verdict === 'reject');
      for (const text of textsOf(decision)) assert.doesNotMatch(text, CONTROL);
      assert.ok(Buffer.byteLength(decision.text) <= 450);
    }),
  );
});

test('a long reply is cut between characters', () => {
  const decision = one('then: { reject: "550 5.7.1 ${header.subject}" }', 'data_post', { 'header.subject': ['\u{1f600}'.repeat(300)] });
  assert.ok(decision.verdict === 'reject');
  assert.equal(decision.text, '\u{1f600}'.repeat(112));
});
