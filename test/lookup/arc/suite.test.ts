import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { DnsServer } from '../../kit/dns-server.ts';
import { lookupsWith } from '../../kit/lookups.ts';
import { keyZone, readArcSuites } from './corpus.ts';

const suites = readArcSuites<{ readonly message: string; readonly cv: string | null }>('arc-validation-tests.yml');

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const chainState = (message: string): Promise<string> => {
  const bytes = Buffer.from(message.replace(/\r?\n/g, '\r\n'));
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 5000 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  return lookups.forTransaction({ message: () => Readable.from([bytes]), content }).mail.arc(AbortSignal.timeout(600_000));
};

test('the public ARC suite, through a real DNS server', { skip: suites === null && 'the corpus is not here' }, async (t) => {
  for (const one of suites ?? []) {
    for (const [name, { message, cv }] of Object.entries(one.tests)) {
      await t.test(`${one.description}: ${name}`, async () => {
        server.zone = keyZone(one);
        const state = await chainState(message);
        if (cv) assert.equal(state, cv.toLowerCase());
        else assert.notEqual(state, 'pass', 'the suite expects nothing, and not this');
      });
    }
  }
});
