import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMailHosts, findNamedHost, type HostFinder } from '../../src/delivery/hosts.ts';

interface Zone {
  /** `[preference, exchange]`, or why it could not be looked up. */
  readonly mx?: Readonly<Record<string, readonly (readonly [number, string])[] | Error>>;
  readonly addresses?: Readonly<Record<string, readonly string[] | Error>>;
  readonly random?: () => number;
}

const answer = <T>(value: T | Error | undefined, none: T): Promise<T> =>
  value instanceof Error ? Promise.reject(value) : Promise.resolve(value ?? none);

const finder = ({ mx = {}, addresses = {}, random = () => 0 }: Zone): HostFinder => ({
  dns: {
    mx: async (domain) => (await answer(mx[domain], [])).map(([preference, exchange]) => ({ preference, exchange })),
    addresses: (domain) => answer(addresses[domain], []),
  },
  settings: { hostname: 'relay.test', ownAddresses: new Set(['192.0.2.99', '2001:db8::99']) },
  random,
  signal: AbortSignal.timeout(1_000),
});

const search = async (zone: Zone, domain = 'example.net'): Promise<string> => {
  const found = await findMailHosts(domain, finder(zone));
  return found.found
    ? found.hosts.map(({ name, address }) => `${name}=${address}`).join(' ')
    : `${found.permanent ? 'fails' : 'waits'} ${found.enhanced}`;
};

const a = { 'mx1.test': ['192.0.2.1'], 'mx2.test': ['192.0.2.2', '2001:db8::2'], 'mx3.test': ['192.0.2.3'], 'self.test': ['192.0.2.99'] };

test('hosts come in the order of preference, with all their addresses', async () => {
  const mx = {
    'example.net': [
      [20, 'mx2.test'],
      [10, 'MX1.test.'],
    ] as const,
  };
  assert.equal(await search({ mx, addresses: a }), 'mx1.test=192.0.2.1 mx2.test=192.0.2.2 mx2.test=2001:db8::2');
});

test('hosts of equal preference change places', async () => {
  const mx = {
    'example.net': [
      [10, 'mx1.test'],
      [10, 'mx3.test'],
    ] as const,
  };
  const lots =
    (...all: number[]) =>
    () =>
      all.shift() ?? 0;
  assert.equal(await search({ mx, addresses: a, random: lots(0.1, 0.2) }), 'mx1.test=192.0.2.1 mx3.test=192.0.2.3');
  assert.equal(await search({ mx, addresses: a, random: lots(0.2, 0.1) }), 'mx3.test=192.0.2.3 mx1.test=192.0.2.1');
});

test('without MX the domain itself takes its mail (RFC 5321 5.1)', async () => {
  assert.equal(await search({ addresses: { 'example.net': ['192.0.2.7'] } }), 'example.net=192.0.2.7');
  assert.equal(await search({}), 'fails 5.1.2');
});

test('a null MX takes none (RFC 7505)', async () => {
  assert.equal(await search({ mx: { 'example.net': [[0, '']] }, addresses: { 'example.net': ['192.0.2.7'] } }), 'fails 5.1.10');
});

test('what DNS cannot tell waits, and never bounces', async () => {
  const down = new Error('SERVFAIL');
  assert.equal(await search({ mx: { 'example.net': down } }), 'waits 4.4.3');
  assert.equal(await search({ addresses: { 'example.net': down } }), 'waits 4.4.3');
  const mx = {
    'example.net': [
      [10, 'mx1.test'],
      [20, 'mx3.test'],
    ] as const,
  };
  assert.equal(await search({ mx, addresses: { 'mx1.test': down } }), 'waits 4.4.3');
  assert.equal(await search({ mx, addresses: { ...a, 'mx1.test': down } }), 'mx3.test=192.0.2.3');
});

test('MX without any address fail', async () => {
  assert.equal(await search({ mx: { 'example.net': [[10, 'gone.test']] } }), 'fails 5.4.4');
});

test('from where we stand ourselves, nobody further back is asked', async () => {
  const byName = {
    'example.net': [
      [10, 'mx1.test'],
      [20, 'relay.test'],
      [20, 'mx2.test'],
      [30, 'mx3.test'],
    ] as const,
  };
  assert.equal(await search({ mx: byName, addresses: a }), 'mx1.test=192.0.2.1');
  const byAddress = {
    'example.net': [
      [10, 'mx1.test'],
      [20, 'self.test'],
      [30, 'mx3.test'],
    ] as const,
  };
  assert.equal(await search({ mx: byAddress, addresses: a }), 'mx1.test=192.0.2.1');
});

test('the best MX being ourselves is a loop', async () => {
  assert.equal(
    await search({
      mx: {
        'example.net': [
          [10, 'relay.test'],
          [20, 'mx1.test'],
        ],
      },
      addresses: a,
    }),
    'fails 5.4.6',
  );
  assert.equal(
    await search({
      mx: {
        'example.net': [
          [10, 'self.test'],
          [20, 'mx1.test'],
        ],
      },
      addresses: a,
    }),
    'fails 5.4.6',
  );
  assert.equal(await search({ addresses: { 'example.net': ['2001:db8::99'] } }), 'fails 5.4.6');
});

test('address literals need no DNS', async () => {
  assert.equal(await search({}, '[192.0.2.5]'), '192.0.2.5=192.0.2.5');
  assert.equal(await search({}, '[IPv6:2001:db8::5]'), '2001:db8::5=2001:db8::5');
  assert.equal(await search({}, '[192.0.2.99]'), 'fails 5.4.6');
  assert.equal(await search({}, '[nonsense]'), 'fails 5.1.2');
});

test('however many hosts there are, few are tried', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `mx${index}.many`);
  const mx = { 'example.net': names.map((name, index) => [index, name] as const) };
  const addresses = Object.fromEntries(names.map((name) => [name, ['192.0.2.1']]));
  assert.equal((await search({ mx, addresses })).split(' ').length, 6);
});

test('U-labels are looked up as A-labels', async () => {
  assert.equal(
    await search({ addresses: { 'xn--bcher-kva.example': ['192.0.2.1'] } }, 'B\u00fccher.example'),
    'xn--bcher-kva.example=192.0.2.1',
  );
});

test('a next hop by name that does not exist is our mistake, not the recipient\u2019s', async () => {
  assert.deepEqual(await findNamedHost('gone.test', finder({})), {
    found: false,
    permanent: false,
    enhanced: '4.4.4',
    text: 'next hop gone.test has no address',
  });
  const named = await findNamedHost('mx1.test', finder({ addresses: a }));
  assert.deepEqual(named, { found: true, hosts: [{ name: 'mx1.test', address: '192.0.2.1' }] });
});
