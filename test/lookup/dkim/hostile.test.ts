import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { rsaKeyPair } from '../../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../../kit/dkim-result.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { lookupsWith } from '../../kit/lookups.ts';
import { runs } from '../../kit/thorough.ts';
import { naivelySigned } from './naive.ts';

const key = rsaKeyPair();
const TAGS = 'v=1; a=rsa-sha256; d=example.com; s=s1';

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({ 's1._domainkey.example.com': { TXT: [textRecord(key.record)] } });
});
after(() => server.close());

const WORDS = ['pass', 'fail', 'policy', 'permerror', 'temperror', 'none'];
const piece = fc.constantFrom(
  'DKIM-Signature:',
  'ARC-Seal:',
  'ARC-Message-Signature:',
  'ARC-Authentication-Results:',
  'From:',
  'v=1',
  'a=rsa-sha256',
  'i=1',
  'cv=none',
  'd=example.com',
  's=s1',
  'h=from',
  'bh=AAAA',
  'b=AAAA',
  ';',
  '\r\n',
  '\r\n ',
  ' ',
  '=',
  '\xff',
  'l=9',
  'x=1',
  'c=simple',
);
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
  fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
);

const arcOf = (message: Buffer): Promise<string> => {
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 2000 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  return lookups.forTransaction({ message: () => Readable.from([message]), content }).mail.arc(AbortSignal.timeout(600_000));
};

test('property: any bytes have a result, and what nobody signed never passes', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (message) => {
      const { result, domains } = await dkimOf(server, message);
      assert.ok(WORDS.includes(result) && result !== 'pass', result);
      assert.deepEqual(domains, []);
      assert.ok(['none', 'fail'].includes(await arcOf(message)));
    }),
    { numRuns: runs(400) },
  );
});

test('property: any key record gives a result', async () => {
  const message = naivelySigned('From: a@example.com\r\n\r\nbody\r\n', { key: key.privateKey, tags: TAGS, names: ['from'] });
  const p = key.record.replace(/^.*p=/, '');
  const part = fc.constantFrom(
    'v=DKIM1',
    'p=',
    p,
    p.slice(0, 50),
    ';',
    'k=rsa',
    'k=ed25519',
    's=',
    'email',
    'h=sha256',
    ' ',
    't=s',
    '=',
    '\0',
    '\xff',
  );
  const zone = server.zone;
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
      server.zone = { 's1._domainkey.example.com': { TXT: [textRecord(parts.join('')).map((text) => Buffer.from(text, 'latin1'))] } };
      assert.ok(WORDS.includes((await dkimOf(server, message)).result));
    }),
    { numRuns: runs(400) },
  );
  server.zone = zone;
});

test('sixteen messages of 22 MB of blanks in one line are verified without holding up others', async (context) => {
  const body = Buffer.alloc(22 << 20, ' ');
  const field = naivelySigned('From: a@example.com\r\n\r\n', { key: key.privateKey, tags: TAGS, names: ['from'] });
  const message = Buffer.concat([Buffer.from(field), body, Buffer.from('\r\n')]);
  let longest = 0;
  let last = process.cpuUsage();
  let done = false;
  const watch = async (): Promise<void> => {
    while (!done) {
      await new Promise(setImmediate);
      const { user, system } = process.cpuUsage(last);
      longest = Math.max(longest, (user + system) / 1000);
      last = process.cpuUsage();
    }
  };
  const watching = watch();
  const results = await Promise.all(Array.from({ length: 16 }, () => dkimOf(server, message))).finally(() => {
    done = true;
  });
  await watching;
  context.diagnostic(`longest turn ${Math.round(longest)} ms of CPU`);
  assert.deepEqual([...new Set(results.map(({ result }) => result))], ['pass']);
  assert.ok(longest < 500, `${longest} ms`);
});
