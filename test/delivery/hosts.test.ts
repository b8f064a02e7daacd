import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMailHosts, findNamedHost, type HostFinder } from '../../src/delivery/hosts.ts';

interface Zone {
  /** `[preference, exchange]`, or why it could not be looked up. */
  readonly mx?: Readonly<Record<string, readonly (readonly [number, string])[] | Error>>;
  readonly addresses?: Readonly<Record<string, readonly string[] | Error>>;
  readonly random?: () => number;
  readonly localMx?: boolean;
  readonly misses?: number;
}

const answer = <T>(value: T | Error | undefined, none: T): Promise<T> =>
  value instanceof Error ? Promise.reject(value) : Promise.resolve(value ?? none);

const finder = ({ mx = {}, addresses = {}, random = () => 0, localMx = true, misses = 0 }: Zone): HostFinder => ({
  dns: {
    mx: async (domain) => (await answer(mx[domain], [])).map(([preference, exchange]) => ({ preference, exchange })),
    addresses: (domain) => answer(addresses[domain], []),
  },
  settings: { hostname: 'relay.test', ownAddresses: new Set(['192.0.2.99', '2001:db8::99']), localMx },
  random,
  misses,
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

test('hosts of equal preference are shuffled', async () => {
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
  const both = [
    [0, '.'],
    [10, 'mx1.test'],
  ] as const;
  assert.equal(
    await search({ mx: { 'example.net': both }, addresses: a }),
    'mx1.test=192.0.2.1',
    'beside a real one it counts for nothing',
  );
});

test('a DNS failure defers and never bounces', async () => {
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

test('MX hosts at or beyond our own preference are not used', async () => {
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

test('the number of addresses per attempt is limited', async () => {
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

test('a route to a host name that does not exist defers, as our own mistake', async () => {
  assert.deepEqual(await findNamedHost('gone.test', finder({})), {
    found: false,
    permanent: false,
    enhanced: '4.4.4',
    text: 'next hop gone.test has no address',
  });
  const named = await findNamedHost('mx1.test', finder({ addresses: a }));
  assert.deepEqual(named, { found: true, hosts: [{ name: 'mx1.test', address: '192.0.2.1' }] });
});

test('each host gets its turn, however many addresses another has, and an attempt goes on where the last one stopped', async () => {
  const dead = Array.from({ length: 8 }, (_, index) => `192.0.2.${10 + index}`);
  const mx = {
    'example.net': [
      [10, 'dead.test'],
      [20, 'mx1.test'],
    ] as const,
  };
  const zone = { mx, addresses: { ...a, 'dead.test': dead } };
  const addresses = async (misses: number): Promise<string> => (await search({ ...zone, misses })).replace(/\S+=192\.0\.2\./g, '');
  assert.equal(await addresses(0), '10 11 1 12 13 14');
  assert.equal(await addresses(1), '15 16 17 10 11 1');
  assert.equal(await addresses(2), '12 13 14 15 16 17');
});

test('an MX off the public internet is not followed unless the site says so, and never to where nobody answers', async () => {
  const to = (address: string, localMx: boolean): Promise<string> =>
    search({ mx: { 'example.net': [[10, 'mx.test']] }, addresses: { 'mx.test': [address] }, localMx });
  const local = [
    '127.0.0.1',
    '127.255.0.9',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.1.1',
    '192.0.2.1',
    '198.51.100.7',
  ];
  for (const address of [...local, '203.0.113.1', '::1', 'fe80::1', 'fd00::1', '2001:db8::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1']) {
    assert.equal(await to(address, false), 'fails 5.4.4', address);
    assert.match(await to(address, true), /^mx\.test=/, address);
  }
  for (const address of ['64:ff9b::7f00:1', '64:ff9b::10.1.2.3', '2002:7f00:1::1', '2002:c0a8:101::', '::127.0.0.1', '::10.0.0.1']) {
    assert.equal(await to(address, false), 'fails 5.4.4', address);
    assert.match(await to(address, true), /^mx\.test=/, address);
  }
  for (const address of ['64:ff9b::9.9.9.9', '2002:909:909::1']) assert.equal(await to(address, false), `mx.test=${address}`);
  for (const address of ['0.0.0.0', '0.1.2.3', '64:ff9b::', '2002::1', '224.0.0.1', '255.255.255.255', '::', 'ff02::1', '::ffff:0.0.0.0'])
    for (const localMx of [true, false]) assert.equal(await to(address, localMx), 'fails 5.4.4', address);
  for (const address of ['9.9.9.9', '172.32.0.1', '100.128.0.1', '2620:fe::fe'])
    assert.equal(await to(address, false), `mx.test=${address}`);
  assert.equal(await search({ localMx: false }, '[127.0.0.1]'), 'fails 5.4.4');
  assert.equal(await search({ localMx: false }, '[IPv6:::ffff:127.0.0.1]'), 'fails 5.4.4');
  assert.equal(await search({ addresses: { 'example.net': ['127.0.0.1'] }, localMx: false }), 'fails 5.4.4', 'nor without an MX');
});

test('a public MX is used beside a non-public one, and one that DNS cannot resolve defers', async () => {
  const mx = {
    'example.net': [
      [10, 'inside.test'],
      [20, 'mx.test'],
    ] as const,
  };
  const zone = { mx, localMx: false };
  assert.equal(await search({ ...zone, addresses: { 'inside.test': ['127.0.0.1'], 'mx.test': ['9.9.9.9'] } }), 'mx.test=9.9.9.9');
  assert.equal(await search({ ...zone, addresses: { 'inside.test': ['127.0.0.1'], 'mx.test': new Error('SERVFAIL') } }), 'waits 4.4.3');
});
