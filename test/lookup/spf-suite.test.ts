import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LookupFailure } from '../../src/lookup/failure.ts';
import { Resolver } from '../../src/lookup/resolver.ts';
import { checkSpf } from '../../src/lookup/spf.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { type SpfCase, spfCases } from './spf-corpus.ts';

const cases = spfCases();
let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const resultOf = async ({ zone, host, helo, mailfrom }: SpfCase): Promise<string> => {
  server.zone = zone;
  const resolver = new Resolver({ servers: [server.address], timeout: 150 });
  try {
    return (await checkSpf(resolver, { ip: host, helo, sender: mailfrom }, AbortSignal.timeout(5000))).result;
  } catch (error) {
    assert.ok(error instanceof LookupFailure, String(error));
    return 'temperror';
  }
};

test('the openspf.org suite through a real DNS server', { skip: cases === null && 'the corpus is not here' }, async (t) => {
  const disagreeing: string[] = [];
  for (const suiteCase of cases ?? []) {
    const result = await resultOf(suiteCase);
    if (!suiteCase.accepted.includes(result))
      disagreeing.push(`${suiteCase.suite}: ${suiteCase.name}: ${result}, not ${suiteCase.accepted}`);
  }
  t.diagnostic(`${(cases?.length ?? 0) - disagreeing.length} of ${cases?.length} agree`);
  for (const line of disagreeing) t.diagnostic(line);
});
