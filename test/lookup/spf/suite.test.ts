import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createFinder } from '../../../src/lookup/finder.ts';
import { facts as definitions } from '../../../src/policy/facts/authentication.ts';
import { Unknown } from '../../../src/policy/value.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { lookupsWith } from '../../kit/lookups.ts';
import { type SpfCase, spfCases } from './corpus.ts';

const cases = spfCases();
let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const definition = definitions.find(({ name }) => name === 'spf.result') ?? null;

/** SERVFAIL, for every type of `broken`. */
const spfResult = async ({ zone, host, helo, mailfrom }: SpfCase, broken: string | null = null): Promise<string> => {
  server.zone = broken === null ? zone : { ...zone, [broken]: { always: 'SERVFAIL' } };
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 400 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  const finder = createFinder({
    services: () => lookups.forTransaction({ message: () => null, content }),
    counters: { limit: () => false, greylist: () => false },
  });
  const given = new Map([
    ['client.ip', host],
    ['helo.name', helo],
    ['sender.address', mailfrom],
  ]);
  const value = await finder.find(
    { need: 'lookup', name: 'spf.result' },
    definition,
    { get: (fact) => given.get(fact) },
    AbortSignal.timeout(600_000),
  );
  if (value instanceof Unknown) assert.match(value.reason, /^temporary error: /);
  return value instanceof Unknown ? 'temperror' : String(value);
};

test('the openspf.org suite, as spf.result through a real DNS server', { skip: cases === null && 'the corpus is not here' }, async (t) => {
  for (const suiteCase of cases ?? []) {
    await t.test(`${suiteCase.suite}: ${suiteCase.name}`, async () => {
      const result = await spfResult(suiteCase);
      assert.ok(suiteCase.accepted.includes(result), `${result}, not ${suiteCase.accepted.join(' or ')}`);
    });
  }
});

test('property: with any one name that DNS does not answer, the result is the right one or unknown', {
  skip: cases === null && 'the corpus is not here',
}, async () => {
  for (const suiteCase of cases ?? []) {
    server.queries.length = 0;
    const right = await spfResult(suiteCase);
    for (const name of new Set(server.queries.map((asked) => asked.name))) {
      const result = await spfResult(suiteCase, name);
      assert.ok([right, 'temperror'].includes(result), `${suiteCase.name}: ${result} without ${name}, ${right} with it`);
    }
  }
});
