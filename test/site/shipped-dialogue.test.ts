import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadSite } from '../../src/site/loading/load.ts';
import { openLog } from '../../src/site/logs/log.ts';
import { type RelayFront, singleRelay } from '../../src/site/relay/front.ts';
import { snapshotOf } from '../../src/site/snapshots/snapshot.ts';
import { DnsServer, type Zone } from '../kit/dns-server.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { signed, signingKey } from '../lookup/signed.ts';
import { ShippedSite } from './shipped-site.ts';

const MINUTE = 60_000;
const SWITCHED_ON = [
  '22-dns-lists.yaml',
  '23-reverse-dns.yaml',
  '40-sender-domain.yaml',
  '41-spf.yaml',
  '51-greylist.yaml',
  '61-attachments.yaml',
  '62-dmarc.yaml',
];
const key = signingKey();
const MESSAGE =
  'From: Carol <carol@example.net>\r\nTo: ann@example.com\r\nSubject: hello\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nHello\r\n';
const ZONE: Zone = {
  '9.113.0.203.in-addr.arpa': { PTR: ['mx.example.net'] },
  '10.113.0.203.in-addr.arpa': { PTR: ['list.example.org'] },
  '66.113.0.203.in-addr.arpa': { PTR: ['bot.example.net'] },
  '66.113.0.203.zen.spamhaus.org': { A: ['127.0.0.4'] },
  'mx.example.net': { A: ['203.0.113.9'] },
  'bot.example.net': { A: ['203.0.113.66'] },
  'list.example.org': { A: ['203.0.113.10'] },
  'example.net': { MX: [[10, 'mx.example.net']], TXT: ['v=spf1 mx -all'] },
  'example.org': { MX: [[10, 'list.example.org']], TXT: ['v=spf1 mx -all'] },
  'slow.example': { always: 'SERVFAIL' },
  '_dmarc.example.net': { TXT: ['v=DMARC1; p=reject'] },
  's1._domainkey.example.net': { TXT: [key.record] },
};

let dns: DnsServer;
let site: ShippedSite;
let relay: RelayFront;
let clock = Date.now();
before(async () => {
  dns = await DnsServer.start(ZONE);
  site = new ShippedSite();
  site.edit('rules/90-routes.yaml', (text) => text.replaceAll(/to: (mx|"maildir:.*")/g, 'to: "discard:"').replace(/\ntests:[\s\S]*/, ''));
  const configPath = site.configure(
    SWITCHED_ON,
    (text) =>
      `${text.replace('127.0.0.1:2525', '127.0.0.1:0')}\ndns: { servers: ["${dns.address}"], timeout: 2s }\nproxy_protocol: { from: [127.0.0.1] }\n`,
  );
  const loaded = loadSite(configPath);
  assert.ok(loaded.site, JSON.stringify(loaded.diagnostics));
  relay = singleRelay({ configPath, log: openLog('silent'), now: () => clock });
  await relay.start(snapshotOf(loaded.site));
});
after(async () => {
  await relay.stop();
  await dns.close();
  site.remove();
});

/** A stranger at `ip`, through a load balancer; resolves with the greeting already read. */
const stranger = async (ip: string): Promise<{ client: SmtpClient; greeting: string }> => {
  const client = await SmtpClient.connect(relay.listeners[0]?.address ?? '');
  client.send(`PROXY TCP4 ${ip} 192.0.2.1 40000 25`);
  return { client, greeting: (await client.reply()).text };
};

const upToRcpt = async (ip: string, helo: string, sender: string): Promise<SmtpClient> => {
  const { client, greeting } = await stranger(ip);
  assert.match(greeting, /^220/);
  const replies = await client.dialogue(`EHLO ${helo}`, `MAIL FROM:<${sender}>`);
  assert.match(replies[1] ?? '', /^250/);
  return client;
};

const message = async (client: SmtpClient, text: string): Promise<string> => {
  assert.match((await client.ask('DATA')).text, /^354/);
  return (await client.ask(`${text}.`)).text;
};

test('a listed client is refused in place of the greeting, one without a name too', async () => {
  const listed = await stranger('203.0.113.66');
  assert.match(listed.greeting, /^55\d .*listed/);
  const nameless = await stranger('203.0.113.77');
  assert.match(nameless.greeting, /no reverse name/);
  for (const { client } of [listed, nameless]) client.destroy();
});

test('SPF that forbids it is 550, a sender domain that cannot be looked up 451', async () => {
  const { client } = await stranger('203.0.113.10');
  const replies = await client.dialogue('EHLO list.example.org', 'MAIL FROM:<a@example.net>', 'MAIL FROM:<a@slow.example>');
  assert.match(replies[1] ?? '', /^550 5\.7\.23 /);
  assert.match(replies[2] ?? '', /^451 4\./);
  client.destroy();
});

test('greylisting: come back in five minutes; relaying is refused at once', async () => {
  const first = await upToRcpt('203.0.113.9', 'mx.example.net', 'carol@example.net');
  assert.match((await first.ask('RCPT TO:<ann@example.com>')).text, /^451 4\.7\.1 /);
  assert.match((await first.ask('RCPT TO:<c@example.org>')).text, /^550 5\.7\.1 /);
  first.destroy();
  clock += 6 * MINUTE;
  const second = await upToRcpt('203.0.113.9', 'mx.example.net', 'carol@example.net');
  assert.match((await second.ask('RCPT TO:<ann@example.com>')).text, /^250 /);
  assert.match(await message(second, MESSAGE), /^250 2\.0\.0 /);
  second.destroy();
});

test('forwarded mail: signed it passes DMARC, unsigned it is refused, and with the key out of reach it is to come back', async () => {
  const waiting = await upToRcpt('203.0.113.10', 'list.example.org', 'list@example.org');
  await waiting.ask('RCPT TO:<ann@example.com>');
  waiting.destroy();
  clock += 6 * MINUTE;
  const client = await upToRcpt('203.0.113.10', 'list.example.org', 'list@example.org');
  const again = async (text: string): Promise<string> => {
    assert.match((await client.ask('RCPT TO:<ann@example.com>')).text, /^250 /);
    const reply = await message(client, text);
    await client.ask('MAIL FROM:<list@example.org>');
    return reply;
  };
  const whole = signed(MESSAGE, { domain: 'example.net', key });
  assert.match(await again(whole), /^250 2\.0\.0 /);
  assert.match(await again(MESSAGE), /^550 5\.7\.26 /);
  dns.zone = { ...ZONE, 's2._domainkey.example.net': { always: 'SERVFAIL' } };
  assert.match(await again(whole.replace('s=s1', 's=s2')), /^451 4\./);
  client.destroy();
});

test('a trusted neighbour triggers no look-ups', async () => {
  dns.queries.length = 0;
  const { client, greeting } = await stranger('127.0.0.5');
  assert.match(greeting, /^220/);
  const replies = await client.dialogue('EHLO printer', 'MAIL FROM:<ann@example.com>', 'RCPT TO:<bob@example.com>', 'RCPT TO:<postmaster>');
  assert.deepEqual(
    replies.slice(1).map((reply) => reply.slice(0, 3)),
    ['250', '250', '250'],
  );
  assert.match(await message(client, 'Subject: no more than this\r\n\r\n\r\n'), /^250 2\.0\.0 /);
  assert.deepEqual(dns.queries, []);
  client.destroy();
});
