import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { fieldsOf } from './arrivals.ts';
import { submit } from './mail.ts';
import { OPEN, type RelayFixture, relayFixture } from './site-fixture.ts';

/* RFC 6409 8.2 and 8.3, dates and raw values of a header. */

const BARE = 'From: ann@example.org\r\nTo: bob@example.com\r\nSubject: lunch\r\n\r\nAt noon?\r\n';
const DATE = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/;
const ID = /^<[\w.-]+@relay\.example\.com>$/;
const SUBMISSION = `version: 1
hostname: relay.example.com
listeners:
  - { name: mx, address: "127.0.0.1:0" }
  - { name: submission, address: "127.0.0.1:0", add_missing_headers: true }
dns: { servers: ["127.0.0.1:1"], timeout: 200ms }
limits: { shutdown: 2s }
log: { level: silent }
`;
const FILES = { 'config/relay.yaml': SUBMISSION };

const introduced = async ({ relay, closing }: RelayFixture, listener: string): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(relay.listeners.find(({ name }) => name === listener)?.address ?? '');
  closing.add(() => client.destroy());
  await client.reply();
  await client.ask('EHLO client.example.org');
  return client;
};

describe('a listener that adds missing header fields', () => {
  test('adds a missing Date and Message-ID before rules run', async (context) => {
    const policy = `${OPEN}rules:
  - { id: no-date, on: data_post, when: { header.date: { exists: false } }, then: { reject: "550 5.6.0 no Date" } }
  - { id: seen, on: data_post, then: { add_header: { name: X-Seen, value: "\${header.message-id} \${message.id}" } } }
`;
    const running = await relayFixture(context, { policy, files: FILES });
    assert.match(await submit(await introduced(running, 'submission'), { message: BARE }), /^250 /);
    const [arrived] = await running.hop.arrived(1);
    assert.ok(arrived);
    assert.match(fieldsOf(arrived.content, 'Date').join(), DATE);
    const [id = ''] = fieldsOf(arrived.content, 'Message-ID');
    assert.match(id, ID);
    assert.equal(fieldsOf(arrived.content, 'X-Seen').join(), `${id} ${id}`);
    assert.match(await submit(await introduced(running, 'mx'), { message: BARE }), /^550 5\.6\.0 no Date/);
  });

  test('keeps existing fields, and gives a message without a header one', async (context) => {
    const running = await relayFixture(context, { files: FILES });
    const client = await introduced(running, 'submission');
    const own = `Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <own@example.org>\r\n${BARE}`;
    assert.match(await submit(client, { message: own }), /^250 /);
    const [first] = await running.hop.arrived(1);
    assert.ok(first?.content.toString().endsWith(own));
    assert.match(await submit(client, { message: 'just text\r\n' }), /^250 /);
    const [, second] = await running.hop.arrived(2);
    assert.match(second?.content.toString() ?? '', /\r\nDate: [^\r]+\r\nMessage-ID: [^\r]+\r\n\r\njust text\r\n$/);
  });

  test('explain shows the same', async (context) => {
    const policy = `${OPEN}rules:
  - { id: no-date, on: data_post, when: { header.date: { exists: false } }, then: { reject: "550 5.6.0 no Date" } }
`;
    const { site } = await relayFixture(context, { policy, files: { ...FILES, 'bare.eml': BARE } });
    const explained = async (listener: string): Promise<string> => {
      const message = join(site.root, 'bare.eml');
      const { out } = await command('explain', '-c', site.config, '--listener', listener, '--to', 'bob@example.com', '--message', message);
      return out;
    };
    assert.match(await explained('mx'), /550 5\.6\.0 no Date/);
    assert.doesNotMatch(await explained('submission'), /no Date/);
  });
});

test('rules can add both with templates', async (context) => {
  const policy = `${OPEN}rules:
  - { id: date, on: data_post, when: { header.date: { exists: false } }, then: { replace_header: { name: Date, value: "\${time.rfc5322}" } } }
  - { id: id, on: data_post, when: { header.message-id: { exists: false } }, then: { replace_header: { name: Message-ID, value: "\${message.id}" } } }
`;
  const { connect, hop } = await relayFixture(context, { policy });
  assert.match(await submit(await connect(), { message: BARE }), /^250 /);
  const [arrived] = await hop.arrived(1);
  assert.ok(arrived);
  assert.match(fieldsOf(arrived.content, 'Date').join(), DATE);
  assert.match(fieldsOf(arrived.content, 'Message-ID').join(), ID);
});

test('rules can read the age of a message and its raw header', async (context) => {
  const policy = `${OPEN}rules:
  - { id: old, on: data_post, when: { message.date: { gt: 7d } }, then: { reject: "550 5.7.1 old" } }
  - { id: ahead, on: data_post, when: { message.date_ahead: { gt: 1h } }, then: { reject: "550 5.7.1 ahead" } }
  - { id: no-date, on: data_post, when: { header.date: { exists: true }, message.date: { exists: false } }, then: { reject: "550 5.7.1 unreadable" } }
  - { id: utf-7, on: data_post, when: { raw_header.subject: { matches: "(?i)=\\\\?utf-7\\\\?" } }, then: { reject: "550 5.7.1 utf-7" } }
  - { id: raw, on: data_post, when: { raw_header.subject: { matches: "[^\\\\x00-\\\\x7f]" } }, then: { reject: "550 5.7.1 raw" } }
`;
  const { connect } = await relayFixture(context, { policy });
  const client = await connect();
  const said = async (field: string): Promise<string> =>
    submit(client, { parameters: ' BODY=8BITMIME', message: `${field}\r\n${BARE.replace('Subject: lunch\r\n', '')}` });
  const at = (milliseconds: number): string => `Date: ${new Date(Date.now() + milliseconds).toUTCString()}`;
  assert.match(await said(at(-8 * 86_400_000)), /^550 5\.7\.1 old/);
  assert.match(await said(at(2 * 3_600_000)), /^550 5\.7\.1 ahead/);
  assert.match(await said('Date: tomorrow'), /^550 5\.7\.1 unreadable/);
  assert.match(await said(at(0)), /^250 /);
  assert.match(await said('Subject: =?UTF-7?Q?+AHc-ire?='), /^550 5\.7\.1 utf-7/);
  assert.match(await said('Subject: gr\u00fcn'), /^550 5\.7\.1 raw/);
  assert.match(await said('Subject: =?utf-8?Q?gr=C3=BCn?='), /^250 /);
});
