import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { signDkim } from '../../src/message/dkim.ts';
import type { MessageContent } from '../../src/queue/message.ts';

const header = Buffer.from(
  'From: a@example.org\r\nTo: b@example.net\r\nSubject: hi  there\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\n',
);
const body = Buffer.from('Hello.\r\n\r\n  two  \r\n\r\n');
const inline: MessageContent = { header, body: { kind: 'inline', bytes: body } };

const verified = async (signed: Buffer, record: string): Promise<string | undefined> => {
  const resolver = async (name: string): Promise<string[][]> => {
    assert.equal(name, 's1._domainkey.example.org');
    return [[record]];
  };
  const { results } = await dkimVerify(signed, { resolver });
  return results[0]?.status.result;
};

test('a signature by RSA holds, and falls with the body', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
  const field = await signDkim(inline, { domain: 'example.org', selector: 's1', key });
  assert.match(field, /^DKIM-Signature: .*\bd=example\.org\b.*\r\n$/s);
  assert.equal(await verified(Buffer.concat([Buffer.from(field), header, body]), record), 'pass');
  assert.notEqual(await verified(Buffer.concat([Buffer.from(field), header, body, Buffer.from('more\r\n')]), record), 'pass');
});

test('a body in a file is signed like one in memory, by Ed25519 too', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dkim-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'body');
  await writeFile(file, Buffer.concat([Buffer.from('before'), body]));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const record = `v=DKIM1; k=ed25519; p=${publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;
  const content: MessageContent = { header, body: { kind: 'file', file, offset: 6, length: body.length } };
  const field = await signDkim(content, { domain: 'example.org', selector: 's1', key });
  assert.equal(await verified(Buffer.concat([Buffer.from(field), header, body]), record), 'pass');
});

test('without a usable key there is no signature but an error', async () => {
  await assert.rejects(signDkim(inline, { domain: 'example.org', selector: 's1', key: 'no key' }), /example\.org/);
});
