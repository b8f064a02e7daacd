import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, beforeEach, test } from 'node:test';
import { LookupFailure } from '../../src/lookup/failure.ts';
import type { SpfRequest } from '../../src/policy/services.ts';
import { DnsServer, type Zone } from '../kit/dns-server.ts';
import { lookupsWith } from '../kit/lookups.ts';
import { sealed, signed, signingKey } from './signed.ts';

const key = signingKey();
const MESSAGE =
  'From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: hello\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nHello Bob\r\n';
const ZONE: Zone = {
  'example.com': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  'example.org': { TXT: ['v=spf1 ip4:198.51.100.7 -all'] },
  's1._domainkey.example.com': { TXT: [key.record] },
  's1._domainkey.example.org': { TXT: [key.record] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject'] },
};
const direct: SpfRequest = { ip: '192.0.2.1', helo: 'mx.example.com', sender: 'ann@example.com' };
const forwarded: SpfRequest = { ip: '198.51.100.7', helo: 'list.example.org', sender: 'list@example.org' };
const signal = (): AbortSignal => AbortSignal.timeout(600_000);

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
beforeEach(() => {
  server.zone = ZONE;
  server.queries.length = 0;
});
after(() => server.close());

const inPieces = (message: string): Readable => Readable.from(message.match(/.{1,7}/gs)?.map((piece) => Buffer.from(piece)) ?? []);

const mailOf = (message: string | null, timeout = 500) =>
  lookupsWith({ dns: { servers: [server.address], timeout } }).forTransaction({
    message: () => (message === null ? null : inPieces(message)),
    content: { text: async () => null, html: async () => null, attachments: async () => [] },
  }).mail;

const orTemperror = <Result>(found: Promise<Result>, otherwise: Result): Promise<Result> =>
  found.catch((error: unknown) => {
    assert.ok(error instanceof LookupFailure && error.kind === 'temporary error', String(error));
    return otherwise;
  });

const evaluated = async (message: string, envelope: SpfRequest, timeout?: number) => {
  const mail = mailOf(message, timeout);
  const [dkim, dmarc, arc] = await Promise.all([
    orTemperror(mail.dkim(signal()), { result: 'temperror', domains: [] }),
    orTemperror(mail.dmarc(envelope, signal()), { result: 'temperror', policy: null }),
    orTemperror(mail.arc(signal()), 'temperror'),
  ]);
  return { dkim: dkim.result, domains: dkim.domains, dmarc: dmarc.result, policy: dmarc.policy, arc };
};

test('signed mail that was forwarded passes DMARC though SPF is another domain’s', async () => {
  const message = signed(MESSAGE, { domain: 'example.com', key });
  const through = `Received: from list.example.org\r\nList-Id: <list.example.org>\r\n${message}`;
  assert.deepEqual(await evaluated(through, forwarded), {
    dkim: 'pass',
    domains: ['example.com'],
    dmarc: 'pass',
    policy: 'reject',
    arc: 'none',
  });
});

test('unsigned mail that was forwarded fails DMARC; straight from its domain it passes by SPF', async () => {
  assert.equal((await evaluated(MESSAGE, forwarded)).dmarc, 'fail');
  assert.equal((await evaluated(MESSAGE, direct)).dmarc, 'pass');
});

test('a list that changes the body breaks the signature: fail', async () => {
  const message = signed(MESSAGE, { domain: 'example.com', key });
  const changed = await evaluated(message.replace('Hello Bob', 'Hello Bob, buy now'), forwarded);
  assert.deepEqual([changed.dkim, changed.dmarc], ['fail', 'fail']);
});

test('an unaligned signature passes DKIM but not DMARC', async () => {
  const stranger = await evaluated(signed(MESSAGE, { domain: 'example.org', key }), forwarded);
  assert.deepEqual([stranger.dkim, stranger.domains, stranger.dmarc], ['pass', ['example.org'], 'fail']);
});

test('relaxed alignment takes a subdomain, strict does not', async () => {
  const message = signed(MESSAGE.replace('ann@example.com', 'ann@news.example.com'), { domain: 'example.com', key });
  assert.equal((await evaluated(message, forwarded)).dmarc, 'pass');
  server.zone = { ...ZONE, '_dmarc.example.com': { TXT: ['v=DMARC1; p=quarantine; sp=reject; adkim=s; aspf=s'] } };
  const strict = await evaluated(message, direct);
  assert.deepEqual([strict.dkim, strict.dmarc, strict.policy], ['pass', 'fail', 'reject']);
});

test('a failed look-up is temperror, never fail', async () => {
  const message = signed(MESSAGE, { domain: 'example.com', key });
  server.zone = { ...ZONE, 's1._domainkey.example.com': { always: 'SERVFAIL' } };
  const noKey = await evaluated(message, forwarded);
  assert.deepEqual([noKey.dkim, noKey.dmarc], ['temperror', 'temperror']);
  server.zone = { ...ZONE, 'example.org': { always: 'TIMEOUT' } };
  assert.equal((await evaluated(MESSAGE, forwarded)).dmarc, 'temperror');
  server.zone = { ...ZONE, '_dmarc.example.com': { always: 'REFUSED' } };
  assert.equal((await evaluated(MESSAGE, forwarded)).dmarc, 'temperror');
});

test('a failing key server does not matter where SPF passes already', async () => {
  server.zone = { ...ZONE, 's1._domainkey.example.com': { always: 'SERVFAIL' } };
  assert.equal((await evaluated(signed(MESSAGE, { domain: 'example.com', key }), direct)).dmarc, 'pass');
});

test('a missing key is a permanent error, a domain without a policy is none', async () => {
  server.zone = { 'example.com': ZONE['example.com'] ?? {} };
  const result = await evaluated(signed(MESSAGE, { domain: 'example.com', key }), direct);
  assert.deepEqual([result.dkim, result.dmarc, result.policy], ['permerror', 'none', null]);
});

test('a signature that does not cover From or the whole body does not count for DMARC', async () => {
  const [from = '', ...others] = MESSAGE.split(/(?<=\n)/);
  const replaced = `${from}${signed(others.join(''), { domain: 'example.com', key })}`;
  assert.deepEqual([(await evaluated(replaced, forwarded)).dkim, (await evaluated(replaced, forwarded)).dmarc], ['permerror', 'fail']);
  const partly = await evaluated(signed(MESSAGE, { domain: 'example.com', key, length: 5 }), forwarded);
  assert.deepEqual([partly.dkim, partly.dmarc], ['policy', 'fail']);
});

test('an author’s domain in U-labels is aligned with its A-labels', async () => {
  server.zone = {
    's1._domainkey.xn--bcher-kva.example': { TXT: [key.record] },
    '_dmarc.xn--bcher-kva.example': { TXT: ['v=DMARC1; p=reject'] },
  };
  const message = signed(MESSAGE.replace('ann@example.com', 'ann@bücher.example'), { domain: 'xn--bcher-kva.example', key });
  assert.deepEqual([(await evaluated(message, forwarded)).dkim, (await evaluated(message, forwarded)).dmarc], ['pass', 'pass']);
});

test('a From with two authors has no DMARC domain', async () => {
  const message = signed(MESSAGE.replace('ann@example.com>', 'ann@example.com>, eve@example.org'), { domain: 'example.com', key });
  assert.deepEqual([(await evaluated(message, direct)).dmarc, (await evaluated(message, direct)).policy], ['permerror', null]);
});

test('only ten of a thousand signatures are checked, and the message is still evaluated', async () => {
  const forged = 'DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=NN; h=from;\r\n bh=AAAA; b=AAAA\r\n';
  const many = Array.from({ length: 1000 }, (_, index) => forged.replace('NN', `s${index}`)).join('');
  const result = await evaluated(many + signed(MESSAGE, { domain: 'example.com', key }), forwarded, 20_000);
  assert.deepEqual([result.dkim, result.dmarc], ['fail', 'fail']);
  assert.ok(server.queries.length < 20, `${server.queries.length} queries`);
});

test('an ARC chain can pass, fail or be unknown', async () => {
  const message = sealed(MESSAGE, { domain: 'example.org', key });
  assert.equal((await evaluated(message, forwarded)).arc, 'pass');
  assert.equal((await evaluated(message.replace('Hello Bob', 'Hello Eve'), forwarded)).arc, 'fail');
  server.zone = { ...ZONE, 's1._domainkey.example.org': { always: 'SERVFAIL' } };
  assert.equal((await evaluated(message, forwarded)).arc, 'temperror');
});

test('each result is looked up separately, and only once', async () => {
  const mail = mailOf(signed(MESSAGE, { domain: 'example.com', key }));
  await Promise.all([mail.dkim(signal()), mail.dkim(signal())]);
  assert.deepEqual(
    server.queries.map(({ name }) => name),
    ['s1._domainkey.example.com'],
  );
  await mail.dmarc(direct, signal());
  await mail.spf(direct, signal());
  assert.deepEqual(
    server.queries
      .slice(1)
      .map(({ name }) => name)
      .sort(),
    ['_dmarc.example.com', 'example.com'],
  );
});

test('no message, and one that cannot be read, is a failure with a reason', async () => {
  await assert.rejects(mailOf(null).dkim(signal()), /no message: DKIM/);
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 500 } });
  const broken = () =>
    new Readable({
      read() {
        this.destroy(new Error('EIO'));
      },
    });
  const { mail } = lookups.forTransaction({
    message: broken,
    content: { text: async () => null, html: async () => null, attachments: async () => [] },
  });
  await assert.rejects(mail.dkim(signal()), /EIO/);
});

test('SPF: the HELO name for the null sender, and a temperror rejects with its cause', async () => {
  const mail = mailOf(null);
  server.zone = { 'mx.example.com': { TXT: ['v=spf1 a -all'], A: ['192.0.2.1'] }, 'slow.example': { always: 'TIMEOUT' } };
  assert.equal(await mail.spf({ ...direct, sender: '' }, signal()), 'pass');
  await assert.rejects(
    mail.spf({ ...direct, sender: 'a@slow.example' }, signal()),
    /temporary error: SPF of slow\.example, time-out: TXT slow\.example/,
  );
});

test('a server failure inside an SPF include is never passed over', async () => {
  server.zone = { 'example.com': { TXT: ['v=spf1 include:_spf.example.com -all'] }, '_spf.example.com': { always: 'SERVFAIL' } };
  await assert.rejects(mailOf(null).spf(direct, signal()), /server failure: TXT _spf\.example\.com/);
});
