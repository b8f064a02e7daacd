import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { authorDomain } from '../../../src/lookup/dmarc/author.ts';
import { isDmarcRecord, readDmarcRecord } from '../../../src/lookup/dmarc/record.ts';
import { splitMessage } from '../../../src/message/header.ts';
import type { DmarcResults } from '../../../src/policy/services.ts';
import { DnsServer, type Zone } from '../../kit/dns-server.ts';
import { lookupsWith } from '../../kit/lookups.ts';
import { runs } from '../../kit/thorough.ts';

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

/** A message of `from` that SPF passes for `sender`, under `zone`. */
const evaluated = (zone: Zone, from: string, sender = 'a@other.test'): Promise<DmarcResults> => {
  server.zone = { [sender.slice(sender.indexOf('@') + 1)]: { TXT: ['v=spf1 +all'] }, ...zone };
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 2000 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  const { mail } = lookups.forTransaction({ message: () => Readable.from([Buffer.from(`From: ${from}\r\n\r\n`)]), content });
  return mail.dmarc({ ip: '192.0.2.1', helo: 'helo.test', sender }, AbortSignal.timeout(600_000));
};

const record = (text: string) => ({ TXT: [text] });
const failing = (policy: string) => ({ result: 'fail', policy });

test('the organisational domain covers subdomains: sp=, and np= for those that do not exist', async () => {
  const zone: Zone = {
    '_dmarc.example.com': record('v=DMARC1; p=quarantine; sp=none; np=reject'),
    'there.example.com': { A: ['192.0.2.1'] },
  };
  assert.deepEqual(await evaluated(zone, 'a@example.com'), failing('quarantine'));
  assert.deepEqual(await evaluated(zone, 'a@there.example.com'), failing('none'));
  assert.deepEqual(await evaluated(zone, 'a@missing.example.com'), failing('reject'));
  const plain: Zone = { '_dmarc.example.com': record('v=DMARC1; p=reject') };
  assert.deepEqual(await evaluated(plain, 'a@deep.missing.example.com'), failing('reject'));
});

test('a subdomain with its own record, even an invalid one, does not inherit', async () => {
  const above = { '_dmarc.example.com': record('v=DMARC1; p=reject') };
  assert.deepEqual(
    await evaluated({ ...above, '_dmarc.sub.example.com': record('v=DMARC1; p=none') }, 'a@sub.example.com'),
    failing('none'),
  );
  const none = { result: 'none', policy: null };
  assert.deepEqual(await evaluated({ ...above, '_dmarc.sub.example.com': record('v=DMARC1') }, 'a@sub.example.com'), none);
  assert.deepEqual(await evaluated({ ...above, '_dmarc.sub.example.com': record('v=spf1 -all') }, 'a@sub.example.com'), failing('reject'));
  const two = { TXT: ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] };
  assert.deepEqual(await evaluated({ '_dmarc.example.com': two }, 'a@example.com'), none);
});

test('an organisational domain ends at the public suffix', async () => {
  const zone = { '_dmarc.example.co.uk': record('v=DMARC1; p=reject'), '_dmarc.co.uk': record('v=DMARC1; p=none') };
  assert.deepEqual(await evaluated(zone, 'a@mail.example.co.uk'), failing('reject'));
  assert.deepEqual(await evaluated(zone, 'a@example.co.uk', 'b@other.co.uk'), failing('reject'));
  assert.deepEqual((await evaluated(zone, 'a@example.co.uk', 'b@x.example.co.uk')).result, 'pass');
});

test('pct=: outside the sample the next weaker policy, and always the same for a message', async () => {
  const zone = (percent: number) => ({ '_dmarc.example.com': record(`v=DMARC1; p=reject; pct=${percent}`) });
  assert.deepEqual(await evaluated(zone(0), 'a@example.com'), failing('quarantine'));
  assert.deepEqual(await evaluated(zone(100), 'a@example.com'), failing('reject'));
  const policies: (string | null)[] = [];
  for (let index = 0; index < 60; index++) {
    const first = await evaluated(zone(50), `a${index}@example.com`);
    policies.push(first.policy);
    if (index < 5) assert.deepEqual(await evaluated(zone(50), `a${index}@example.com`), first);
  }
  const sampled = policies.filter((policy) => policy === 'reject').length;
  assert.ok(sampled > 10 && sampled < 50, `${sampled} of 60`);
});

test('a record is read as far as it can be', () => {
  const read = (text: string) => readDmarcRecord(text)?.policy ?? null;
  assert.equal(read('v=DMARC1; p=reject'), 'reject');
  assert.equal(read('v=DMARC1;p=REJECT;nonsense;;'), 'reject');
  assert.equal(read('v=DMARC1; p=what; rua=mailto:a@example.com'), 'none');
  assert.equal(read('v=DMARC1; rua=mailto:a@example.com'), 'none');
  assert.equal(read('v=DMARC1; p=what'), null);
  assert.equal(readDmarcRecord('v=DMARC1; p=reject; adkim=s; pct=200')?.strictDkim, true);
  assert.equal(readDmarcRecord('v=DMARC1; p=reject; pct=200')?.percent, 100);
  assert.deepEqual(
    [isDmarcRecord('v=DMARC1'), isDmarcRecord('v=DMARC12; p=none'), isDmarcRecord('V=DMARC1; p=none')],
    [true, false, false],
  );
});

test('property: any record parses or requests no policy', () => {
  const piece = fc.constantFrom('v=DMARC1', ';', 'p', '=', 'reject', 'none', ' ', 'pct', '0', 'rua', 'mailto:', 'x', '\xe9');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const read = readDmarcRecord(pieces.join(''));
      assert.ok(read === null || ['none', 'quarantine', 'reject'].includes(read.policy));
    }),
    { numRuns: runs(2000) },
  );
});

test('the DMARC domain is that of the author, or there is none', () => {
  const domain = (header: string): string | null => authorDomain(splitMessage(Buffer.from(`${header}\r\n\r\n`)).header);
  const right: Readonly<Record<string, string>> = {
    'From: a@Example.COM': 'example.com',
    'From: "x@evil.test" <a@example.com>': 'example.com',
    'From: =?utf-8?q?x=40evil=2Etest=3E?= <a@example.com>': 'example.com',
    'From: a (x@evil.test) <a@example.com>': 'example.com',
    'From: a@example.com, b@example.com': 'example.com',
    'From: Group: a@example.com;': 'example.com',
    'From:\r\n folded\r\n\t<a@example.com>': 'example.com',
    'From: a@bücher.example': 'xn--bcher-kva.example',
    'From : a@example.com': 'example.com',
  };
  for (const [header, expected] of Object.entries(right)) assert.equal(domain(header), expected, header);
  const nobody = [
    'Subject: x',
    'From:',
    'From: a',
    'From: a@b.test, c@d.test',
    'From: a@b.test\r\nFrom: a@b.test',
    'From: <>',
    'From: a@b..test',
    'From: undisclosed:;',
  ];
  for (const header of nobody) assert.equal(domain(header), null, header);
});
