import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { ed25519KeyPair, rsaKeyPair } from '../../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../../kit/dkim-result.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { runs } from '../../kit/thorough.ts';
import { type Form, naivelySigned } from './naive.ts';

const KEYS = { rsa: rsaKeyPair(1024), ed25519: ed25519KeyPair() };

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({
    'rsa._domainkey.example.com': { TXT: [textRecord(KEYS.rsa.record)] },
    'ed25519._domainkey.example.com': { TXT: [textRecord(KEYS.ed25519.record)] },
  });
});
after(() => server.close());

const NAMES = ['from', 'to', 'subject', 'x-a', 'list-id'];
const word = fc
  .array(fc.constantFrom('a', 'B', ' ', '\t', '\r\n ', ':', ';', '\xe4', '='), { maxLength: 12 })
  .map((parts) => parts.join(''));
const field = fc.tuple(fc.constantFrom('From', 'to', 'Subject ', 'X-A', 'subject'), word).map(([name, value]) => `${name}:${value}\r\n`);
const header = fc.array(field, { minLength: 1, maxLength: 8 }).map((fields) => fields.join(''));
const body = fc.array(fc.constantFrom('\r\n', ' ', '\t', 'a', '.', '\xff', '\r\n\r\n'), { maxLength: 20 }).map((parts) => parts.join(''));
const names = fc.array(fc.constantFrom(...NAMES), { maxLength: 6 }).map((more) => ['from', ...more]);
const form = fc.constantFrom<Form>('simple', 'relaxed');
const type = fc.constantFrom('rsa' as const, 'ed25519' as const);

const message = fc.record({ header, body, names, forms: fc.tuple(form, form), type }).map((parts) => ({
  ...parts,
  text: naivelySigned(`${parts.header}\r\n${parts.body}`, {
    key: KEYS[parts.type].privateKey,
    tags: `v=1; a=${parts.type}-sha256; d=example.com; s=${parts.type}`,
    names: parts.names,
    forms: parts.forms,
  }),
}));

test('property: what the oracle signs verifies', async () => {
  await fc.assert(
    fc.asyncProperty(message, async ({ text }) => {
      assert.equal((await dkimOf(server, text)).result, 'pass', JSON.stringify(text));
    }),
    { numRuns: runs(400) },
  );
});

test('property: a changed octet in the body, in a signed field or in the signature never passes', async () => {
  const octet = fc.constantFrom('#', 'q', 'Q', '\xf1');
  await fc.assert(
    fc.asyncProperty(message, fc.constantFrom('body', 'field', 'signature'), fc.nat(), octet, async (parts, where, place, put) => {
      const changed = changedIn(parts, where, { place, put });
      if (changed === parts.text) return;
      assert.notEqual((await dkimOf(server, changed)).result, 'pass', JSON.stringify([parts.text, changed]));
    }),
    { numRuns: runs(600) },
  );
});

interface Signed {
  readonly text: string;
  readonly header: string;
  readonly body: string;
  readonly names: readonly string[];
}

/** The message with `put` in the place of one octet that is signed. */
const changedIn = (
  { text, header: fields, body: below, names: signedNames }: Signed,
  where: string,
  { place, put }: { place: number; put: string },
) => {
  const bodyAt = text.length - below.length;
  const headerAt = bodyAt - 2 - fields.length;
  if (where === 'body') return below === '' ? `${text}${put}` : replaced(text, bodyAt + (place % below.length), put);
  if (where === 'signature') return replaced(text, 'DKIM-Signature:'.length + (place % (headerAt - 'DKIM-Signature:'.length - 2)), put);
  const from = fields.lastIndexOf('From:');
  const end = from < 0 ? -1 : fields.slice(from).search(/\r\n(?![ \t])/);
  return end < 6 || !signedNames.includes('from') ? text : replaced(text, headerAt + from + 5 + (place % (end - 5)), put);
};

const replaced = (text: string, at: number, put: string): string => `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
