import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ed25519KeyPair, rsaKeyPair } from '../../kit/dkim-keys.ts';
import { dkimOf, textRecord } from '../../kit/dkim-result.ts';
import { DnsServer, type Zone } from '../../kit/dns-server.ts';
import { type Form, type NaiveSignature, naivelySigned } from './naive.ts';

const rsa = rsaKeyPair();
const small = rsaKeyPair(768);
const edwards = ed25519KeyPair();
const P = rsa.record.replace(/^.*p=/, '');
const MESSAGE =
  'From: a@example.com\r\nTo: b@example.net\r\nSubject:  hi \t there\r\nDate: now\r\n\r\nHello  \t Bob\r\n\r\nend  \r\n\r\n\r\n';
const TAGS = 'v=1; a=rsa-sha256; d=example.com; s=s1';

const key = (text: string): Zone[string] => ({ TXT: [textRecord(text)] });
const ZONE: Zone = {
  's1._domainkey.example.com': key(rsa.record),
  'small._domainkey.example.com': key(small.record),
  'ed._domainkey.example.com': key(edwards.record),
};

let server: DnsServer;
before(async () => {
  server = await DnsServer.start(ZONE);
});
beforeEach(() => {
  server.zone = ZONE;
});
after(() => server.close());

const signed = (changes: Partial<NaiveSignature> = {}, message = MESSAGE): string =>
  naivelySigned(message, { key: rsa.privateKey, tags: TAGS, ...changes });
const resultOf = async (message: string): Promise<string> => (await dkimOf(server, message)).result;
const underKey = async (record: string, message = signed()): Promise<string> => {
  server.zone = { 's1._domainkey.example.com': key(record) };
  return resultOf(message);
};

test('valid signatures pass in all canonicalizations, with RSA and Ed25519', async () => {
  const forms: readonly Form[] = ['simple', 'relaxed'];
  for (const header of forms) {
    for (const body of forms) {
      assert.equal(await resultOf(signed({ forms: [header, body] })), 'pass', `${header}/${body}`);
      const edwardsTags = 'v=1; a=ed25519-sha256; d=example.com; s=ed';
      assert.equal(await resultOf(signed({ key: edwards.privateKey, tags: edwardsTags, forms: [header, body] })), 'pass');
    }
  }
});

test('tags that no standard accepts never pass', async () => {
  const wrong: Readonly<Record<string, string>> = {
    'SHA-1': TAGS.replace('sha256', 'sha1'),
    'no algorithm': TAGS.replace('a=rsa-sha256; ', ''),
    'unknown algorithm': TAGS.replace('rsa-sha256', 'rsa-sha512'),
    'no version': TAGS.replace('v=1; ', ''),
    'another version': TAGS.replace('v=1', 'v=2'),
    'a doubled tag': `${TAGS}; d=example.com`,
    'an unknown doubled tag': `${TAGS}; zz=1; zz=1`,
    'an empty tag in the middle': TAGS.replace('; d=', ';; d='),
    'a tag without value sign': `${TAGS}; nonsense`,
    'a tag name that is none': `${TAGS}; 1x=1`,
    'a tag in upper case': TAGS.replace('d=', 'D='),
    'no domain': TAGS.replace('d=example.com; ', ''),
    'no selector': TAGS.replace('; s=s1', ''),
    'an empty selector': TAGS.replace('s=s1', 's='),
    'an identity elsewhere': `${TAGS}; i=@example.org`,
    'an identity above': TAGS.replace('d=example.com', 'd=mail.example.com; i=@example.com'),
    'an identity that ends alike': `${TAGS}; i=@badexample.com`,
    'an identity without @': `${TAGS}; i=example.com`,
    expired: `${TAGS}; t=1000000000; x=1000000001`,
    'expiry before signing': `${TAGS}; t=9000000002; x=9000000001`,
    'a time that is none': `${TAGS}; t=now`,
    'an unknown query method': `${TAGS}; q=http/json`,
  };
  for (const [why, tags] of Object.entries(wrong)) assert.equal(await resultOf(signed({ tags })), 'permerror', why);
});

test('tags that are allowed pass', async () => {
  const right = ['i=@example.com', 'i=ann@mail.example.com', 't=1000000000; x=9000000001', 'q=dns/txt', 'zz=whatever', 'z=From:a@b|To:c'];
  for (const more of right) assert.equal(await resultOf(signed({ tags: `${TAGS}; ${more}` })), 'pass', more);
  const folded = signed().replace(/; bh=/, ';\r\n\tbh=').replace('v=1; a=', 'v=\r\n 1 ;\t a\r\n =');
  assert.equal(await resultOf(folded), 'fail', 'relaxed keeps a single blank inside');
  assert.equal(await resultOf(signed({ tags: 'v =\r\n 1 ; a =\r\n\t rsa-sha256 ;d= example.com; s=s1 ' })), 'pass');
});

test('a missing or malformed tag, or an unsigned From, is a permanent error', async () => {
  for (const [from, to] of [
    ['c=relaxed/relaxed', 'c=relaxed/strict'],
    ['h=from', 'h=fr om@'],
    ['h=from:to:subject:date', 'h='],
    ['bh=', 'bh=*'],
    ['b=', 'b=*'],
    [' bh=', ' bx='],
  ] as const)
    assert.equal(await resultOf(signed().replace(from, to)), 'permerror', to);
  assert.equal(await resultOf(signed().replace(/; b=.*?\r\n(?=From)/s, ';\r\n')), 'permerror', 'no b=');
  assert.equal(await resultOf(signed({ names: ['to', 'subject'] })), 'permerror', 'From is not signed');
});

test('a key not meant for this signature is rejected', async () => {
  const wrong: Readonly<Record<string, string>> = {
    revoked: 'v=DKIM1; p=',
    'for SHA-1': `v=DKIM1; h=sha1; p=${P}`,
    'for TLS reports': `v=DKIM1; s=tlsrpt; p=${P}`,
    'version behind': `k=rsa; v=DKIM1; p=${P}`,
    'another version': `v=DKIM2; p=${P}`,
    'another type': `v=DKIM1; k=ed25519; p=${P}`,
    'an unknown type': `v=DKIM1; k=dsa; p=${P}`,
    'a doubled tag': `v=DKIM1; p=${P}; p=${P}`,
    'no key': 'v=DKIM1; k=rsa',
    'no Base64': `v=DKIM1; p=${P.slice(0, 40)}*${P.slice(41)}`,
    'cut short': `v=DKIM1; p=${P.slice(0, 100)}`,
    'no tag list': 'hello',
  };
  for (const [why, record] of Object.entries(wrong)) assert.equal(await underKey(record), 'permerror', why);
  const right = [
    `p=${P}`,
    `v=DKIM1; h=sha1 : sha256; p=${P}`,
    `v=DKIM1; s=tlsrpt:email; p=${P}`,
    `v=DKIM1; s=*; t=y; p=${P.replace(/.{60}/g, '$& ')};`,
  ];
  for (const record of right) assert.equal(await underKey(record), 'pass', record);
});

test('a bare RSAPublicKey is a key, 768 bits are none, another key fails', async () => {
  const bare = rsa.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  assert.equal(await underKey(`v=DKIM1; p=${bare}`), 'pass');
  assert.equal(await underKey(rsaKeyPair().record), 'fail');
  server.zone = ZONE;
  assert.equal(await resultOf(signed({ key: small.privateKey, tags: TAGS.replace('s1', 'small') })), 'permerror');
});

test('t=s allows no subdomain in i=', async () => {
  assert.equal(await underKey(`v=DKIM1; t=y:s; p=${P}`, signed({ tags: `${TAGS}; i=@mail.example.com` })), 'permerror');
  assert.equal(await underKey(`v=DKIM1; t=y:s; p=${P}`, signed({ tags: `${TAGS}; i=@example.com` })), 'pass');
});

test('of several records the key counts; no record is a permanent error, no answer a temporary one', async () => {
  server.zone = { 's1._domainkey.example.com': { TXT: ['v=spf1 -all', textRecord(rsa.record)] } };
  assert.equal(await resultOf(signed()), 'pass');
  server.zone = { 's1._domainkey.example.com': { A: ['192.0.2.1'] } };
  assert.equal(await resultOf(signed()), 'permerror');
  server.zone = { 's1._domainkey.example.com': { always: 'SERVFAIL' } };
  assert.equal(await resultOf(signed()), 'temperror');
});

test('l= covering part of the body does not count as whole, and more than the body is an error', async () => {
  assert.equal(await resultOf(signed({ length: 5 })), 'policy');
  assert.equal(await resultOf(signed({ length: 5 }).replace('Hello', 'Hellx')), 'fail');
  assert.equal(await resultOf(signed({ length: 9999 })), 'permerror');
  const whole = 'From: a@example.com\r\n\r\nabc\r\n';
  assert.equal(await resultOf(signed({ length: 5 }, whole)), 'pass');
  assert.equal(await resultOf(`${signed({ length: 5 }, whole)}more\r\n`), 'policy');
});

test('fields of one name are taken from the bottom, and what was signed as absent stays absent', async () => {
  const twice = signed({ names: ['from', 'subject'] }, `Subject: one\r\nSubject: two\r\n${MESSAGE}`);
  assert.equal(await resultOf(twice), 'pass');
  assert.equal(await resultOf(twice.replace('Subject: one', 'Subject: 1')), 'pass', 'the upper ones are not signed');
  assert.equal(await resultOf(twice.replace('hi \t there', 'ho')), 'fail');
  const closed = signed({ names: ['from', 'from', 'cc', 'subject'] });
  assert.equal(await resultOf(closed), 'pass');
  assert.equal(await resultOf(`From: eve@example.org\r\n${closed}`), 'fail');
  assert.equal(await resultOf(`Cc: eve@example.org\r\n${closed}`), 'fail');
});

test('a signature may cover another one', async () => {
  const inner = signed();
  const outer = signed({ names: ['from', 'dkim-signature'], forms: ['simple', 'simple'] }, inner);
  assert.deepEqual(await dkimOf(server, outer), { result: 'pass', domains: ['example.com'] });
});

test('the best of several signatures counts', async () => {
  const bad = signed({ tags: TAGS.replace('d=example.com', 'd=example.org') });
  server.zone = { ...ZONE, 's1._domainkey.example.net': { always: 'SERVFAIL' } };
  const unknown = signed({ tags: TAGS.replace('d=example.com', 'd=example.net') }, bad);
  assert.equal(await resultOf(bad), 'permerror');
  assert.equal(await resultOf(unknown), 'temperror');
  assert.deepEqual(await dkimOf(server, signed({}, unknown)), { result: 'pass', domains: ['example.com'] });
});

test('a message that is a header alone is judged by its signature', async () => {
  const header = 'From: a@example.com\r\nSubject: hi\r\n';
  assert.equal(await resultOf(signed({}, header)), 'pass');
  assert.equal(await resultOf(signed({ forms: ['simple', 'simple'] }, header)), 'pass');
  assert.equal(await resultOf(signed({}, header).replace('hi', 'ho')), 'fail');
});
