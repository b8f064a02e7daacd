import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { checkBody } from '../../../src/lookup/dkim/check-body.ts';
import { checkValue } from '../../../src/lookup/dkim/check-value.ts';
import { findKey } from '../../../src/lookup/dkim/key.ts';
import { readMessageSignature, tagsOf } from '../../../src/lookup/dkim/signature-tags.ts';
import { Resolver } from '../../../src/lookup/resolver.ts';
import { readSigned } from '../../../src/lookup/signed-message.ts';
import { canonicalSelection, canonicalSignature } from '../../../src/message/dkim/canonical-header.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { keyZone, readArcSuites } from './corpus.ts';

/*
 * The sealing half of the ARC suite. We do not seal, but its message signatures were made by another
 * implementation over awkward headers and bodies: they have to verify. (Its seals cover fields whose folding
 * the suite does not tell.)
 */

interface Sealing {
  readonly message: string;
  readonly AMS: string;
}

const suites = readArcSuites<Sealing>('arc-sign-tests.yml');

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
after(() => server.close());

const verify = async ({ message, AMS }: Sealing): Promise<void> => {
  const field = `ARC-Message-Signature: ${AMS.trim().replace(/\n(?=\S)/g, '\n ')}\n`;
  const bytes = Buffer.from(`${field}${message}`.replace(/\r?\n/g, '\r\n'));
  const signal = AbortSignal.timeout(600_000);
  const signed = await readSigned(
    () => Readable.from([bytes]),
    () => [{ form: 'relaxed', length: null }],
    signal,
  );
  const [written] = signed.header.named('ARC-Message-Signature');
  assert.ok(written);
  const { parts, value, signer } = readMessageSignature(written, tagsOf(written), 'relaxed/relaxed');
  assert.equal(checkBody(signed, parts), 'whole');
  const { key } = await findKey(new Resolver({ servers: [server.address], timeout: 2000 }), signer, signal);
  const selection = canonicalSelection(signed.header, { names: parts.names, form: parts.header, except: written });
  checkValue(Buffer.concat([selection, canonicalSignature(written.raw, value, parts.header)]), value.bytes, key);
};

test('message signatures of the sealing suite verify', { skip: suites === null && 'the corpus is not here' }, async (t) => {
  for (const one of suites ?? []) {
    server.zone = keyZone(one);
    for (const [name, sealing] of Object.entries(one.tests))
      if (sealing.AMS) await t.test(`${one.description}: ${name}`, () => verify(sealing));
  }
});
