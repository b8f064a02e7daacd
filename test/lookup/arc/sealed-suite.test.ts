import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { checkBody } from '../../../src/lookup/dkim/check-body.ts';
import { checkValue } from '../../../src/lookup/dkim/check-value.ts';
import { findKey } from '../../../src/lookup/dkim/key.ts';
import { readSignedParts, readSigner, readValue, tagsOf } from '../../../src/lookup/dkim/signature-tags.ts';
import { Resolver } from '../../../src/lookup/resolver.ts';
import { readSigned } from '../../../src/lookup/signed-message.ts';
import { canonicalSelection, canonicalSignature } from '../../../src/message/dkim/canonical-header.ts';
import { DnsServer } from '../../kit/dns-server.ts';

/*
 * The sealing half of the ARC suite. We do not seal, but its message signatures were made by another
 * implementation over awkward headers and bodies: they have to verify. (Its seals cover fields whose folding
 * the suite does not tell.)
 */

interface Sealing {
  readonly message: string;
  readonly AMS: string;
}

interface Suite {
  readonly description: string;
  readonly tests: Readonly<Record<string, Sealing>>;
  readonly 'txt-records': Readonly<Record<string, string>>;
}

const FILE = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'arc-sign-tests.yml');
const suites: readonly Suite[] | null = existsSync(FILE)
  ? parseAllDocuments(readFileSync(FILE, 'utf8')).map((document) => document.toJS())
  : null;

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const verify = async ({ message, AMS }: Sealing): Promise<void> => {
  const field = `ARC-Message-Signature: ${AMS.trim().replace(/\n(?=\S)/g, '\n ')}\n`;
  const bytes = Buffer.from(`${field}${message}`.replace(/\r?\n/g, '\r\n'));
  const signal = AbortSignal.timeout(10_000);
  const signed = await readSigned(
    () => Readable.from([bytes]),
    () => [{ form: 'relaxed', length: null }],
    signal,
  );
  const [signature] = signed.header.named('ARC-Message-Signature');
  assert.ok(signature);
  const tags = tagsOf(signature);
  const parts = readSignedParts(tags, 'relaxed/relaxed');
  const value = readValue(signature, tags);
  assert.equal(checkBody(signed, parts), 'whole');
  const { key } = await findKey(new Resolver({ servers: [server.address], timeout: 2000 }), readSigner(tags), signal);
  const selection = canonicalSelection(signed.header, { names: parts.names, form: parts.header, except: signature });
  checkValue(Buffer.concat([selection, canonicalSignature(signature.raw, value, parts.header)]), value.bytes, key);
};

test('message signatures of the sealing suite verify', { skip: suites === null && 'the corpus is not here' }, async (t) => {
  for (const { description, tests, 'txt-records': records } of suites ?? []) {
    server.zone = Object.fromEntries(
      Object.entries(records).map(([name, text]) => [name.toLowerCase(), { TXT: [text.match(/.{1,255}/gs) ?? ''] }]),
    );
    for (const [name, sealing] of Object.entries(tests)) if (sealing.AMS) await t.test(`${description}: ${name}`, () => verify(sealing));
  }
});
