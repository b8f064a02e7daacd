import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { DnsServer } from '../../kit/dns-server.ts';
import { lookupsWith } from '../../kit/lookups.ts';

interface Suite {
  readonly description: string;
  readonly tests: Readonly<Record<string, { readonly message: string; readonly cv: string | null }>>;
  readonly 'txt-records': Readonly<Record<string, string>>;
}

const FILE = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'arc-validation-tests.yml');
const suites: readonly Suite[] | null = existsSync(FILE)
  ? parseAllDocuments(readFileSync(FILE, 'utf8')).map((document) => document.toJS())
  : null;

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const zoneOf = (records: Suite['txt-records']) =>
  Object.fromEntries(Object.entries(records).map(([name, text]) => [name.toLowerCase(), { TXT: [text.match(/.{1,255}/gs) ?? ''] }]));

const chainState = (message: string): Promise<string> => {
  const bytes = Buffer.from(message.replace(/\r?\n/g, '\r\n'));
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 400 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  return lookups.forTransaction({ message: () => Readable.from([bytes]), content }).mail.arc(AbortSignal.timeout(20_000));
};

test('the public ARC suite, through a real DNS server', { skip: suites === null && 'the corpus is not here' }, async (t) => {
  for (const { description, tests, 'txt-records': records } of suites ?? []) {
    for (const [name, { message, cv }] of Object.entries(tests)) {
      await t.test(`${description}: ${name}`, async () => {
        server.zone = zoneOf(records);
        const state = await chainState(message);
        if (cv) assert.equal(state, cv.toLowerCase());
        else assert.notEqual(state, 'pass', 'the suite expects nothing, and not this');
      });
    }
  }
});
