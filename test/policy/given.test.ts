import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { ValueType } from '../../src/policy/definition.ts';
import { findFact } from '../../src/policy/facts/find.ts';
import { facts } from '../../src/policy/facts/index.ts';
import { givenFault } from '../../src/policy/given.ts';
import { isArray, type Json } from '../../src/policy/json.ts';
import { runs } from '../kit/thorough.ts';

const fault = (fact: string, value: Json): string | null => {
  const definition = findFact(fact);
  assert.ok(definition, fact);
  const found = givenFault(definition, fact, value);
  return found && `${found.message}. ${found.help}`;
};

const wordsOf = (type: ValueType): readonly string[] => (isArray(type.literal.enum) ? type.literal.enum.map(String) : []);

const vocabularies = [...facts.values()].filter(({ type }) => wordsOf(type).length > 0);

suite('values that are given', () => {
  test('values in the examples are possible, and so are absent and unknown', () => {
    for (const { name, example } of facts.values()) {
      for (const [fact, value] of Object.entries(example.given)) assert.equal(fault(fact, value), null);
      const member = name.replace('<name>', 'x');
      for (const word of ['absent', 'unknown', null]) assert.equal(fault(member, word), null);
    }
  });

  test('a fact with fixed values accepts only those, in any case, and a typo gets a suggestion', () => {
    assert.ok(vocabularies.length >= 6);
    const any = fc
      .constantFrom(...vocabularies)
      .chain((fact) => fc.tuple(fc.constant(fact), fc.constantFrom(...wordsOf(fact.type)), fc.nat()));
    fc.assert(
      fc.property(any, ([{ name, type }, word, at]) => {
        assert.equal(fault(name, word), null);
        const place = at % word.length;
        const twice = word.slice(0, place + 1) + word.slice(place);
        if (type.normalize(twice) === null) assert.match(String(fault(name, twice)), /is never.*Did you mean/);
      }),
      { numRuns: runs(500) },
    );
  });

  for (const [fact, wrong, why] of [
    ['spf.result', 'passs', /Did you mean pass\?/],
    ['client.ip', '203.0.113.300', /One address/],
    ['client.ip', '203.0.113.0/24', /One address/],
    ['client.ip', 7, /Put it in quotes/],
    ['tls.active', 'maybe', /true/],
    ['tls.active', 'yes', /Write true/],
    ['tls.active', 1, /true/],
    ['tls.version', '1.3', /TLSv1\.3/],
    ['time.hour', 25, /0 to 23/],
    ['time.hour', -1, /0 to 23/],
    ['time.hour', 2.5, /0 to 23/],
    ['time.hour', 'noon', /0 to 23/],
    ['time.weekday', 'mnday', /monday/],
    ['client.port', 'abc', /1 to 65535/],
    ['client.port', 70_000, /1 to 65535/],
    ['reply.code', 42, /200 to 599/],
    ['attempt', 0, /from 1/],
    ['age', '3 hours', /length of time/],
    ['message.size', '25 MiBs', /such as `25MiB`/],
    ['message.size', -1, /such as `25MiB`/],
    ['sender.address', 'a', /user@example\.com/],
    ['sender.address', 'a@', /user@example\.com/],
    ['sender.address', '@example.com', /user@example\.com/],
    ['sender.address', '<a@example.com>', /user@example\.com/],
    ['sender.address', 'a b@example.com', /user@example\.com/],
    ['sender.address', '<>', /null sender is `absent`/],
    ['recipient.address', 'a@example..com', /user@example\.com/],
    ['recipients', ['a@example.com', 'b'], /user@example\.com/],
    ['recipient.domain', '.example.com', /mx\.example\.com/],
    ['recipient.domain', 'a@example.com', /mx\.example\.com/],
    ['client.rdns', 'mx example', /mx\.example\.com/],
    ['client.rdns', 5, /Put it in quotes/],
    ['helo.name', 'two\twords', /One word/],
    ['helo.name', '', /One word/],
    ['helo.name', ['a', 'b'], /without brackets/],
    ['score', 'much', /number/],
    ['attachment', [{ nam: 'a' }], /Did you mean name/],
    ['attachment', [{ size: 'big' }], /attachment\.size is never/],
    ['header.subject', [{ text: 'x' }], /not a valid value for header\.subject/],
    ['dmarc.policy', 'absnt', /Did you mean absent/],
  ] as const)
    test(`${fact} cannot be ${JSON.stringify(wrong)}`, () => assert.match(String(fault(fact, wrong as Json)), why));

  for (const [fact, right] of [
    ['helo.name', 'two words'],
    ['helo.name', 'a_b'],
    ['helo.name', '203.0.113.9'],
    ['helo.name', '[IPv6:2001:db8::1]'],
    ['client.rdns', 'a_b.example.net.'],
    ['client.ip', '::ffff:192.0.2.1'],
    ['sender.address', '"a b"@example.com'],
    ['sender.address', 'jörg@bücher.example'],
    ['sender.address', 'a@[192.0.2.1]'],
    ['recipient.address', 'Postmaster'],
    ['message.size', '1.5GiB'],
    ['age', '1h30m'],
    ['header.subject', 'one'],
    ['header.subject', ['one', 2]],
    ['result.tenant', true],
    ['dnsbl.zen', 'xbl'],
    ['auth.user', 4711],
    ['attachment', [{ extension: 'pdf', size: '4KiB', name: null }]],
  ] as const)
    test(`${fact} can be ${JSON.stringify(right)}`, () => assert.equal(fault(fact, right as Json), null));
});
