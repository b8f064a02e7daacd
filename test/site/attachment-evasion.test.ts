import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import MailComposer from 'nodemailer/lib/mail-composer';
import { loadSite } from '../../src/site/loading/load.ts';
import { openLog } from '../../src/site/logs/log.ts';
import { type RelayFront, singleRelay } from '../../src/site/relay/front.ts';
import { snapshotOf } from '../../src/site/snapshots/snapshot.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { EVASIONS } from '../message/mime/evasions.ts';
import { ShippedSite } from './shipped-site.ts';

/* The shipped site with rules/61-attachments.yaml switched on, over a socket. */

let site: ShippedSite;
let relay: RelayFront;
before(async () => {
  site = new ShippedSite();
  site.edit('rules/90-routes.yaml', (text) => text.replaceAll(/to: (mx|"maildir:.*")/g, 'to: "discard:"').replace(/\ntests:[\s\S]*/, ''));
  const configPath = site.configure(
    ['61-attachments.yaml'],
    (text) => `${text.replace('127.0.0.1:2525', '127.0.0.1:0')}\nproxy_protocol: { from: [127.0.0.1] }\n`,
  );
  const loaded = loadSite(configPath);
  assert.ok(loaded.site, JSON.stringify(loaded.diagnostics));
  relay = singleRelay({ configPath, log: openLog('silent') });
  await relay.start(snapshotOf(loaded.site));
});
after(async () => {
  await relay.stop();
  site.remove();
});

let strangers = 0;

/** What a stranger hears who sends this message to ann@example.com; each comes from a network of its own, so that none runs into a limit. */
const reply = async (message: string | Buffer): Promise<string> => {
  const client = await SmtpClient.connect(relay.listeners[0]?.address ?? '');
  strangers++;
  client.send(`PROXY TCP4 198.18.${strangers % 256}.9 192.0.2.1 40000 25`);
  await client.reply();
  await client.dialogue(
    'EHLO mx.example.net',
    `MAIL FROM:<carol@example.net>${isPlain(message) ? '' : ' SMTPUTF8 BODY=8BITMIME'}`,
    'RCPT TO:<ann@example.com>',
  );
  assert.match((await client.ask('DATA')).text, /^354/);
  client.raw(message.toString().replace(/^\./gm, '..'));
  const { text } = await client.ask('\r\n.');
  client.destroy();
  return text;
};

const isPlain = (message: string | Buffer): boolean => !/[^\p{ASCII}]/u.test(message.toString());

describe('an executable attachment', () => {
  for (const [why, message] of EVASIONS) it(why, async () => assert.match(await reply(message), /^(550 5\.7\.1 Attachments|451 4\.)/));
});

const good = async (attachments: readonly object[]): Promise<string> => (await composed(attachments)).toString().replace(/\r?\n/g, '\r\n');

const composed = (attachments: readonly object[]): Promise<Buffer> =>
  new MailComposer({
    from: 'Carol <carol@example.net>',
    to: 'ann@example.com',
    subject: 'Grüße',
    date: new Date('2026-03-02T10:00:00Z'),
    messageId: '<good@example.net>',
    text: 'Hello Ann,\n\nsee attached.\n',
    html: '<p>Hello Ann,</p><p>see attached.</p>',
    attachments: [...attachments],
  })
    .compile()
    .build();

describe('a document attachment', () => {
  const names = [
    'plan.pdf',
    'Grüße aus Köln.docx',
    '日本語の報告書.xlsx',
    'a.b.c.tar.gz',
    'Re: plan (2).pdf',
    'www.example.com.pdf',
    `${'long name '.repeat(20)}.odt`,
    'ohne Endung',
    '100%.txt',
  ];
  for (const filename of names)
    it(filename, async () => assert.match(await reply(await good([{ filename, content: 'x' }])), /^250 2\.0\.0 /));

  it('with a picture in its HTML, an invitation and a message', async () => {
    const attachments = [
      { filename: 'logo.png', cid: 'logo@example.net', content: 'x' },
      { filename: 'invite.ics', contentType: 'text/calendar; method=REQUEST', content: 'BEGIN:VCALENDAR' },
      { contentType: 'message/rfc822', content: await good([{ filename: 'plan.pdf', content: 'x' }]) },
    ];
    assert.match(await reply(await good(attachments)), /^250 2\.0\.0 /);
  });
});
