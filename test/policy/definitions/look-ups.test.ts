import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findFact } from '../../../src/policy/facts/find.ts';
import type { Json } from '../../../src/policy/json.ts';
import type { DkimResults, DmarcResults, Services, SpfRequest } from '../../../src/policy/services.ts';
import type { FactValue } from '../../../src/policy/value.ts';
import { servicesWith } from '../../kit/lookups.ts';
import { given } from './given.ts';

/** What the world answers; a question nobody prepared an answer for is a failure. */
interface World {
  readonly reverse?: Readonly<Record<string, readonly string[]>>;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly mx?: Readonly<Record<string, readonly string[]>>;
  readonly listed?: readonly string[];
  readonly spf?: (request: SpfRequest) => string;
  readonly dkim?: DkimResults;
  readonly dmarc?: DmarcResults;
}

const prepared = <T>(answers: Readonly<Record<string, T>> | undefined, question: string): Promise<T> => {
  const answer = answers === undefined ? undefined : new Map(Object.entries(answers)).get(question);
  return answer === undefined ? Promise.reject(new Error(`SERVFAIL ${question}`)) : Promise.resolve(answer);
};

const servicesOf = (world: World): Services =>
  servicesWith({
    dns: {
      reverse: (ip) => prepared(world.reverse, ip),
      addresses: (name) => prepared(world.addresses, name),
      mx: async (name) => (await prepared(world.mx, name)).map((exchange) => ({ preference: 10, exchange })),
      txt: (name) => prepared(undefined, name),
    },
    blocklists: { check: async () => world.listed ?? [] },
    mail: {
      spf: async (request) => world.spf?.(request) ?? 'none',
      dkim: async () => world.dkim ?? { result: 'none', domains: [] },
      dmarc: async () => world.dmarc ?? { result: 'none', policy: null },
      arc: async () => 'none',
    },
    content: { text: async () => 'hello', html: async () => '<p>hello', attachments: async () => [] },
  });

const found = (name: string, facts: Readonly<Record<string, Json>>, world: World): Promise<FactValue> => {
  const lookUp = findFact(name)?.lookUp;
  assert.ok(lookUp, `${name} is a look-up`);
  return lookUp({ name, facts: given(facts), services: servicesOf(world), signal: new AbortController().signal });
};

const client = { 'client.ip': '192.0.2.1' };

suite('client names', () => {
  test('the first reverse name, absent without one', async () => {
    assert.equal(await found('client.rdns', client, { reverse: { '192.0.2.1': ['a.example', 'b.example'] } }), 'a.example');
    assert.equal(await found('client.rdns', client, { reverse: { '192.0.2.1': [] } }), null);
    await assert.rejects(found('client.rdns', client, {}), /SERVFAIL/);
  });

  test('one forward-confirmed name is enough', async () => {
    const reverse = { '192.0.2.1': ['a.example', 'b.example'] };
    const addresses = { 'a.example': ['192.0.2.9'], 'b.example': ['::ffff:192.0.2.1'] };
    assert.equal(await found('client.fcrdns', client, { reverse, addresses }), true);
    assert.equal(await found('client.fcrdns', client, { reverse, addresses: { ...addresses, 'b.example': [] } }), false);
    assert.equal(await found('client.fcrdns', client, { reverse: { '192.0.2.1': [] } }), false);
  });

  test('a name that fails to resolve does not affect the others', async () => {
    const reverse = { '192.0.2.1': ['a.example', 'b.example'] };
    assert.equal(await found('client.fcrdns', client, { reverse, addresses: { 'b.example': ['192.0.2.1'] } }), true);
    await assert.rejects(found('client.fcrdns', client, { reverse, addresses: { 'b.example': ['192.0.2.2'] } }), /SERVFAIL a.example/);
  });

  test('a name set by lookup_rdns must be forward-confirmed; without one nothing is queried', async () => {
    assert.equal(
      await found('client.fcrdns', { ...client, 'client.rdns': 'c.example' }, { addresses: { 'c.example': ['192.0.2.1'] } }),
      true,
    );
    assert.equal(await found('client.fcrdns', { ...client, 'client.rdns': 'absent' }, {}), false);
    await assert.rejects(found('client.fcrdns', { ...client, 'client.rdns': 'unknown' }, {}), /given as unknown/);
  });

  test('DNS lists', async () => {
    assert.deepEqual(await found('dnsbl.zen', client, { listed: ['sbl'] }), ['sbl']);
    assert.equal(await found('dnsbl.zen', client, {}), null);
  });
});

suite('sender', () => {
  const resolvable = (address: string, world: World): Promise<FactValue> =>
    found('sender.resolvable', { 'sender.address': address }, world);

  test('an MX, or else an address', async () => {
    assert.equal(await resolvable('a@B.example', { mx: { 'b.example': ['mx.b.example'] } }), true);
    assert.equal(await resolvable('a@b.example', { mx: { 'b.example': [] }, addresses: { 'b.example': ['192.0.2.1'] } }), true);
    assert.equal(await resolvable('a@b.example', { mx: { 'b.example': [] }, addresses: { 'b.example': [] } }), false);
  });

  test('a null MX is none (RFC 7505), even beside an address', async () => {
    assert.equal(await resolvable('a@b.example', { mx: { 'b.example': [''] }, addresses: { 'b.example': ['192.0.2.1'] } }), false);
  });

  test('null sender, literal, failure', async () => {
    assert.equal(await resolvable('absent', {}), null);
    assert.equal(await resolvable('a@[192.0.2.1]', {}), true);
    await assert.rejects(resolvable('a@b.example', {}), /SERVFAIL/);
  });
});

suite('authentication', () => {
  test('spf is asked with the envelope', async () => {
    const asked: SpfRequest[] = [];
    const spf = (request: SpfRequest): string => {
      asked.push(request);
      return 'softfail';
    };
    assert.equal(await found('spf.result', { ...client, 'helo.name': 'h.example', 'sender.address': 'absent' }, { spf }), 'softfail');
    assert.deepEqual(asked, [{ ip: '192.0.2.1', helo: 'h.example', sender: '' }]);
  });

  test('signatures', async () => {
    const dkim = { result: 'pass', domains: ['example.com'] };
    const dmarc = { result: 'fail', policy: 'reject' };
    const names = ['dkim.result', 'dkim.domains', 'dmarc.result', 'dmarc.policy', 'arc.result'];
    const values = await Promise.all(names.map((name) => found(name, client, { dkim, dmarc })));
    assert.deepEqual(values, ['pass', ['example.com'], 'fail', 'reject', 'none']);
    assert.equal(await found('dkim.domains', client, {}), null);
    assert.equal(await found('dmarc.policy', client, {}), null);
  });

  test('content', async () => {
    assert.equal(await found('body.text', {}, {}), 'hello');
    assert.equal(await found('attachment', {}, {}), null);
  });
});

suite('derived facts', () => {
  const derived = (name: string, facts: Readonly<Record<string, Json>>): FactValue | undefined =>
    findFact(name)?.derive?.(given(facts), name);

  test('networks', () => {
    assert.equal(derived('client.net', { 'client.ip': '192.0.2.77' }), '192.0.2.0/24');
    assert.equal(derived('client.net', { 'client.ip': '2001:db8:1:2:3::4' }), '2001:db8:1:2::/64');
    assert.equal(derived('client.net', {}), undefined);
  });

  test('parts of a recipient', () => {
    const parts = (address: string): readonly unknown[] =>
      ['local', 'domain', 'base', 'tag'].map((part) => derived(`recipient.${part}`, { 'recipient.address': address }));
    assert.deepEqual(parts('user+a+b@example.com'), ['user+a+b', 'example.com', 'user@example.com', 'a+b']);
    assert.deepEqual(parts('+user@example.com'), ['+user', 'example.com', '+user@example.com', null]);
    assert.deepEqual(parts('"a@b"@example.com'), ['"a@b"', 'example.com', '"a@b"@example.com', null]);
    assert.deepEqual(parts('postmaster'), ['postmaster', null, 'postmaster', null]);
  });

  test('the null sender has no address facts', () => {
    assert.equal(derived('sender.domain', { 'sender.address': 'absent' }), null);
    assert.equal(derived('sender.null', { 'sender.address': 'absent' }), true);
    assert.equal(derived('sender.null', { 'sender.address': 'a@example.com' }), false);
    assert.equal(derived('sender.null', {}), undefined);
  });

  test('a display name cannot hide the author address', () => {
    for (const field of [
      '"( <real@example.com>',
      '( <real@example.com>',
      '" <real@example.com>',
      'a, b <real@example.com>',
      'Real <REAL@Example.com>',
    ]) {
      const authors = derived('from.address', { 'header.from': [field] });
      assert.ok(Array.isArray(authors) && authors.includes('real@example.com'), field);
    }
    assert.deepEqual(derived('from.address', { 'header.from': ['Team: a@example.com, B <b@example.com>;'] }), [
      'a@example.com',
      'b@example.com',
    ]);
    assert.equal(derived('from.address', { 'header.from': ['nobody at all'] }), null);
  });

  test('header names are case-insensitive', () => {
    assert.deepEqual(derived('header.X-Foo', { 'header.x-foo': ['1'] }), ['1']);
    assert.equal(derived('header.x-foo', {}), undefined);
  });
});

test('names of facts', () => {
  for (const name of ['client.ip', 'header.x-foo', 'header.X-Foo', 'dnsbl.zen', 'result.a_b']) assert.ok(findFact(name), name);
  for (const name of ['', 'client', 'client.', 'client.ipp', 'header.', 'header.a b', 'header', 'result.a.b', '.', 'toString'])
    assert.equal(findFact(name), null, name);
});
