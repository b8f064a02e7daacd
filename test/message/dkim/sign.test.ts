import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { finalHeader } from '../../../src/message/content.ts';
import { type DkimKey, dkimSubject, signDkim } from '../../../src/message/dkim/sign.ts';
import { editHeader } from '../../../src/message/edits.ts';
import { splitMessage } from '../../../src/message/header.ts';
import type { MessageContent } from '../../../src/queue/message.ts';
import { ed25519KeyPair, rsaKeyPair } from '../../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../../kit/dkim-result.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { runs } from '../../kit/thorough.ts';

const rsa = rsaKeyPair();
const ed25519 = ed25519KeyPair();
const header = Buffer.from(
  'From: a@example.org\r\nTo: b@example.net\r\nSubject: hi  there\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n',
);
const body = Buffer.from('Hello.\r\n\r\n  two  \r\n\r\n');
const inline: MessageContent = { header, body: { kind: 'inline', bytes: body } };
const signer = (key: string, selector = 's1') => ({ domain: 'example.org', selector, key });

const signatures = async (content: MessageContent, keys: readonly DkimKey[]): Promise<readonly string[]> => {
  const subject = await dkimSubject(content);
  return keys.map((key) => signDkim(subject, key));
};

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({
    's1._domainkey.example.org': { TXT: [textRecord(rsa.record)] },
    's2._domainkey.example.org': { TXT: [textRecord(ed25519.record)] },
  });
});
after(() => server.close());

const verified = async (message: Buffer): Promise<string> => (await dkimOf(server, message)).result;

test('an RSA signature verifies, and fails if the body changes', async () => {
  const [field = ''] = await signatures(inline, [signer(rsa.pem)]);
  assert.match(field, /^DKIM-Signature: .*\bd=example\.org\b.*\r\n$/s);
  assert.equal(await verified(Buffer.concat([Buffer.from(field), header, body])), 'pass');
  assert.equal(await verified(Buffer.concat([Buffer.from(field), header, body, Buffer.from('more\r\n')])), 'fail');
});

test('a body in a file is signed like one in memory, by Ed25519 too', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dkim-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'body');
  await writeFile(file, Buffer.concat([Buffer.from('before'), body]));
  const content: MessageContent = { header, body: { kind: 'file', file, offset: 6, length: body.length } };
  const fields = await signatures(content, [signer(ed25519.pem, 's2'), signer(rsa.pem)]);
  assert.equal(fields.length, 2);
  for (const field of fields) assert.equal(await verified(Buffer.concat([Buffer.from(field), header, body])), 'pass');
});

test('a numeric selector is kept, and a U-label domain is written as A-labels', async () => {
  const [field = ''] = await signatures(inline, [{ domain: 'bücher.example', selector: '2026', key: rsa.pem }]);
  assert.match(field, /d=xn--bcher-kva\.example; s=2026;/);
});

test('signing without a usable key is an error', async () => {
  await assert.rejects(signatures(inline, [signer('no key')]), /example\.org/);
  await assert.rejects(signatures(inline, [signer(rsaKeyPair(768).pem)]), /example\.org.*768 bits/);
});

test('a field added later breaks the signature, a trace field does not', async () => {
  const [field = ''] = await signatures(inline, [signer(rsa.pem)]);
  const withField = (added: string): Promise<string> => verified(Buffer.concat([Buffer.from(added + field), header, body]));
  for (const name of ['From', 'Subject', 'To', 'Cc', 'Reply-To', 'Date'])
    assert.equal(await withField(`${name}: x@example.com\r\n`), 'fail', name);
  for (const name of ['Received', 'Return-Path', 'X-Spam']) assert.equal(await withField(`${name}: x\r\n`), 'pass', name);
});

const line = fc.oneof(
  fc.constantFrom(
    'From: a@example.org',
    'Subject: s',
    'subject : t ',
    'To:',
    ' folded',
    '\t',
    'no field',
    '',
    'From a@x Mon Jan 1',
    'X: \xe4',
  ),
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
);
const message = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', '\r\n', '\r\n\r\n'))
  .map(([lines, end]) => Buffer.from(lines.join('\r\n') + end, 'latin1'));
const edits = fc.array(
  fc.oneof(
    fc.record({ effect: fc.constant('add_header' as const), name: fc.constantFrom('X-A', 'Subject'), value: fc.string() }),
    fc.record({ effect: fc.constant('replace_header' as const), name: fc.constantFrom('X', 'Subject'), value: fc.string() }),
    fc.record({ effect: fc.constant('remove_header' as const), name: fc.constantFrom('From', 'To') }),
  ),
  { maxLength: 3 },
);

test('property: any edited message verifies after signing', async () => {
  await fc.assert(
    fc.asyncProperty(message, edits, async (bytes, changes) => {
      const arrived = splitMessage(bytes);
      const edited = editHeader(arrived.header, changes, false).header;
      const content: MessageContent = { header: finalHeader([], edited), body: { kind: 'inline', bytes: arrived.body } };
      const fields = await signatures(content, [signer(ed25519.pem, 's2')]);
      const sent = Buffer.concat([finalHeader(['Received: x\r\n', ...fields], edited), arrived.body]);
      assert.equal(await verified(sent), 'pass', JSON.stringify(sent.toString('latin1')));
    }),
    { numRuns: runs(300) },
  );
});
