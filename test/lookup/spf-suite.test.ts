import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createFinder } from '../../src/lookup/finder.ts';
import { createLookups } from '../../src/lookup/lookups.ts';
import { facts as definitions } from '../../src/policy/facts/authentication.ts';
import { Unknown } from '../../src/policy/value.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { type SpfCase, spfCases } from './spf-corpus.ts';

/** Cases that are answered otherwise, and why. All are mailauth's; each errs towards «not a pass». */
const KNOWN: Readonly<Record<string, string>> = {
  'bare-ip6': 'mailauth stops at the first match and never sees the wrong mechanism behind it (RFC 7208 4.6)',
  'exp-syntax-error': 'mailauth does not read exp= (6.2)',
  'exp-twice': 'mailauth does not count exp= (6)',
  'exp-only-macro-char': 'mailauth does not read exp= (7.1)',
  'p-macro-multiple': 'mailauth does not validate names for the macro p, which 7.3 advises against anyway',
  'invalid-hello-macro': 'mailauth calls a name without a final word of letters a permanent error (4.8)',
  'hello-domain-literal': 'the same',
  'require-valid-helo': 'the same',
};
const AGREEING = 195;

const cases = spfCases();
let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const definition = definitions.find(({ name }) => name === 'spf.result') ?? null;

const spfResult = async ({ zone, host, helo, mailfrom }: SpfCase): Promise<string> => {
  server.zone = zone;
  const lookups = createLookups({ dns: { servers: [server.address], timeout: 400 }, dnsbl: {} });
  const content = { text: async () => null, attachments: async () => [] };
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
    AbortSignal.timeout(20_000),
  );
  if (value instanceof Unknown) assert.match(value.reason, /^temporary error: /);
  return value instanceof Unknown ? 'temperror' : String(value);
};

test('the openspf.org suite, as spf.result through a real DNS server', { skip: cases === null && 'the corpus is not here' }, async (t) => {
  const disagreeing = new Map<string, string>();
  for (const suiteCase of cases ?? []) {
    const result = await spfResult(suiteCase);
    if (!suiteCase.accepted.includes(result)) disagreeing.set(suiteCase.name, `${result}, not ${suiteCase.accepted.join(' or ')}`);
  }
  const agreeing = (cases?.length ?? 0) - disagreeing.size;
  t.diagnostic(`${agreeing} of ${cases?.length} agree`);
  for (const [name, difference] of disagreeing) t.diagnostic(`${name}: ${difference}; ${KNOWN[name] ?? 'not known'}`);
  assert.deepEqual(
    [...disagreeing.keys()].filter((name) => !(name in KNOWN)),
    [],
  );
  assert.ok(agreeing >= AGREEING);
});
