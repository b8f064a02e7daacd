import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rsaKeyPair } from '../../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../../kit/dkim-result.ts';
import { DnsServer } from '../../kit/dns-server.ts';
import { naivelySigned } from './naive.ts';

/*
 * A signature from which a tag was taken, or in which it was emptied, doubled or renamed. Without its key's name one was
 * taken for valid elsewhere.
 */

const key = rsaKeyPair();
const TAGS = 'v=1; a=rsa-sha256; d=example.com; s=s1';

let server: DnsServer;
before(async () => {
  const record = { TXT: [textRecord(key.record)] };
  server = await DnsServer.start({
    's1._domainkey.example.com': record,
    '_domainkey.example.com': record,
    'undefined._domainkey.example.com': record,
    'null._domainkey.example.com': record,
    's1._domainkey': record,
    'example.com': record,
  });
});
after(() => server.close());

const signed = (): string =>
  naivelySigned('From: a@example.com\r\nSubject: x\r\n\r\nbody\r\n', { key: key.privateKey, tags: TAGS, names: ['from', 'subject'] });

test('the whole signature passes', async () => {
  assert.equal((await dkimOf(server, signed())).result, 'pass');
});

for (const tag of ['v', 'a', 'd', 's', 'h', 'bh', 'b'])
  for (const [what, change] of [
    ['without', () => ''],
    ['with an empty', () => ` ${tag}=;`],
    ['with a blank', () => ` ${tag}= ;`],
    ['with a doubled', (found: string) => `${found}${found}`],
    ['with a capital', (found: string) => found.replace(`${tag}=`, `${tag.toUpperCase()}=`)],
  ] as const)
    test(`a signature ${what} ${tag}= does not pass`, async () => {
      const message = signed();
      const changed = message.replace(new RegExp(`(?<=[:;])\\s*${tag}=[^;]*?(?:;|(?=\\r\\n\\S))`), (found) =>
        change(found.endsWith(';') ? found : `${found};`),
      );
      assert.notEqual(changed, message);
      const { result, domains } = await dkimOf(server, changed);
      assert.notEqual(result, 'pass');
      assert.deepEqual(domains, []);
    });
