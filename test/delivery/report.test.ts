import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import type { DeliveryParts } from '../../src/delivery/parts.ts';
import { composeNotice } from '../../src/delivery/report/compose.ts';
import type { DeliverySettings } from '../../src/delivery/settings.ts';
import type { AppliedEffect } from '../../src/policy/decision.ts';
import type { NewMessage } from '../../src/queue/store.ts';
import { type NextHopOptions, nextHop, type Script } from '../kit/next-hop.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { decision, message, testDelivery } from './test-delivery.ts';

interface Case {
  readonly hop?: NextHopOptions;
  readonly given?: Parameters<typeof message>[0];
  readonly hooks?: Partial<DeliveryParts['hooks']>;
  readonly set?: Partial<DeliverySettings>;
  readonly to?: string;
}

const refusing: Script = (step, text) => (step === 'rcpt' && text.includes('bad') ? '550-5.1.1 no\r\n550 5.1.1 such user' : undefined);
const bad = { address: 'bad@example.net' };

const noticesOf = async ({
  hop: options = { script: refusing },
  given = { recipients: [bad] },
  hooks,
  set,
  to,
}: Case): Promise<readonly NewMessage[]> => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  const quiet = { delivered: () => decision('delivered'), deferred: () => decision('deferred'), bounce: () => decision('bounce') };
  const made = testDelivery(to ?? `smtp://127.0.0.1:${hop.port}`, { hooks: { ...quiet, ...hooks }, set: { ...set } });
  closeAfter(made.stop);
  const { record, content } = message(given);
  await made.queue.enqueue(record, content);
  await made.outcomes(record.recipients.length);
  return made.queue.added;
};

const textOf = ({ content }: NewMessage): string =>
  Buffer.concat([content.header, content.body.kind === 'inline' ? content.body.bytes : Buffer.alloc(0)]).toString();

const noticeOf = async (given: Case): Promise<string> => {
  const [notice] = await noticesOf(given);
  return notice ? textOf(notice) : '';
};

const field = (text: string, name: string): string | undefined => new RegExp(`^${name}: (.*?)\\r$`, 'm').exec(text)?.[1];

test('a failure is reported to the sender from the null sender', async () => {
  const [notice, ...more] = await noticesOf({});
  assert.ok(notice);
  assert.equal(more.length, 0);
  const { envelope, recipients, size } = notice.record;
  const text = textOf(notice);
  assert.deepEqual([envelope.sender, recipients.map(({ address }) => address), size], ['', ['a@example.org'], Buffer.byteLength(text)]);
  assert.match(text, /^Content-Type: multipart\/report; report-type=delivery-status;/m);
  assert.equal(field(text, 'Auto-Submitted'), 'auto-replied');
  assert.equal(field(text, 'To'), 'a@example.org');
  assert.equal(field(text, 'Reporting-MTA'), 'dns; relay.test');
  assert.equal(field(text, 'Final-Recipient'), 'rfc822; bad@example.net');
  assert.equal(field(text, 'Action'), 'failed');
  assert.equal(field(text, 'Status'), '5.1.1');
  assert.equal(field(text, 'Diagnostic-Code'), 'smtp; 550-5.1.1 no 550 5.1.1 such user');
  assert.equal(field(text, 'Remote-MTA'), 'dns; [127.0.0.1]');
  assert.doesNotMatch(text, /[^\r]\n/);
});

test('another parser can read the report', async () => {
  const parsed = await simpleParser(await noticeOf({ given: { recipients: [bad], envelope: { ret: 'full' } } }));
  assert.equal(parsed.subject, 'Your message could not be delivered');
  assert.match(parsed.text ?? '', /bad@example\.net/);
  assert.match(parsed.text ?? '', /^Action: failed$/m);
  const [returned] = parsed.attachments;
  assert.deepEqual(
    [returned?.contentType, returned?.content.toString()],
    ['message/rfc822', 'From: a@example.org\r\nSubject: hi\r\n\r\nHello.\r\n'],
  );
});

test('recipients that fail together share one report, with their ORCPT and ENVID', async () => {
  const recipients = [
    { ...bad, orcpt: 'rfc822;first+2Btag@example.com' },
    { address: 'good@example.net' },
    { address: 'bad2@example.net' },
  ];
  const text = await noticeOf({ given: { recipients, envelope: { envid: 'QQ+3D1' } } });
  assert.deepEqual(text.match(/^Final-Recipient: .*(?=\r$)/gm), [
    'Final-Recipient: rfc822; bad@example.net',
    'Final-Recipient: rfc822; bad2@example.net',
  ]);
  assert.equal(field(text, 'Original-Recipient'), 'rfc822; first+tag@example.com');
  assert.equal(field(text, 'Original-Envelope-Id'), 'QQ=1');
});

test('the null sender never gets a report', async () => {
  assert.equal((await noticesOf({ given: { recipients: [bad], envelope: { sender: '' } } })).length, 0);
});

test('NOTIFY is honoured', async () => {
  const reports = async (
    notify: ('never' | 'success' | 'failure' | 'delay')[],
    address: string,
    offers: readonly string[],
  ): Promise<string | undefined> =>
    field(await noticeOf({ hop: { script: refusing, offers }, given: { recipients: [{ address, notify }] } }), 'Action');
  assert.equal(await reports(['never'], 'bad@example.net', []), undefined);
  assert.equal(await reports(['success'], 'bad@example.net', []), undefined);
  assert.equal(await reports(['failure', 'delay'], 'bad@example.net', []), 'failed');
  assert.equal(await reports(['success'], 'good@example.net', []), 'relayed');
  assert.equal(await reports(['success'], 'good@example.net', ['DSN']), undefined);
  assert.equal(await reports(['failure'], 'good@example.net', []), undefined);
});

test('a final delivery is reported as such', async () => {
  const text = await noticeOf({ to: 'discard:', given: { recipients: [{ address: 'x@example.net', notify: ['success'] }] } });
  assert.deepEqual([field(text, 'Action'), field(text, 'Status'), field(text, 'Remote-MTA')], ['delivered', '2.0.0', undefined]);
});

test('RET decides what is returned, up to a size', async () => {
  const body = 'the body\r\n'.repeat(20);
  const returned = async (ret: 'full' | 'headers' | undefined, limit: number): Promise<readonly boolean[]> => {
    const text = await noticeOf({ given: { recipients: [bad], body, envelope: ret ? { ret } : {} }, set: { dsnLimit: limit } });
    return [text.includes('Subject: hi'), text.includes('the body'), text.includes('message/rfc822')];
  };
  assert.deepEqual(await returned('full', 10_000), [true, true, true]);
  assert.deepEqual(await returned('headers', 10_000), [true, false, false]);
  assert.deepEqual(await returned(undefined, 10_000), [true, false, false]);
  assert.deepEqual(await returned('full', 100), [true, false, false]);
  assert.deepEqual(await returned('full', 30), [false, false, false]);
});

test('a rule overrides RET and can suppress the report', async () => {
  const ruled = (amount: 'never' | 'headers' | 'full') => {
    const effects: readonly AppliedEffect[] = [{ effect: 'dsn', amount, by: 'x/y' }];
    return noticesOf({
      given: { recipients: [bad], envelope: { ret: 'headers' } },
      hooks: { bounce: () => decision('bounce', { effects }) },
    });
  };
  assert.equal((await ruled('never')).length, 0);
  const [full] = await ruled('full');
  assert.match(full ? textOf(full) : '', /Hello\./);
});

test('a delay is reported once, and only if configured', async () => {
  const later: NextHopOptions = { script: (step) => (step === 'rcpt' ? '450 4.2.1 later' : undefined) };
  const given = { arrived: Date.now() - 7_200_000 };
  assert.equal((await noticesOf({ hop: later, given })).length, 0);
  const text = await noticeOf({ hop: later, given, set: { delayNotice: 3_600_000 } });
  assert.deepEqual([field(text, 'Action'), field(text, 'Status'), field(text, 'Subject')], ['delayed', '4.2.1', 'Your message is delayed']);
  assert.ok(field(text, 'Will-Retry-Until'));
  const told = message({ ...given });
  const hop = await nextHop(later);
  closeAfter(hop.close);
  const made = testDelivery(`smtp://127.0.0.1:${hop.port}`, { set: { delayNotice: 3_600_000 } });
  closeAfter(made.stop);
  await made.queue.enqueue(
    { ...told.record, recipients: told.record.recipients.map((one) => ({ ...one, delayNoticed: true })) },
    told.content,
  );
  await made.outcomes(1);
  assert.equal(made.queue.added.length, 0);
});

test('a reply without an enhanced code is quoted unchanged', async () => {
  const text = await noticeOf({ hop: { script: (step) => (step === 'rcpt' ? '550 User unknown' : undefined) } });
  assert.deepEqual([field(text, 'Diagnostic-Code'), field(text, 'Status')], ['smtp; 550 User unknown', '5.0.0']);
  assert.match(text, /127\.0\.0\.1\]:\d+ said: 550 User unknown/);
});

test('a failure found by the relay itself is not attributed to the next hop', async () => {
  const own = async (given: Case): Promise<readonly (string | undefined)[]> => {
    const text = await noticeOf(given);
    assert.doesNotMatch(text, /said:/);
    return [field(text, 'Diagnostic-Code'), field(text, 'Remote-MTA')];
  };
  const large = { recipients: [bad], body: 'x'.repeat(100) };
  assert.deepEqual(await own({ hop: { offers: ['SIZE 50'] }, given: large }), [
    'x-relayctl; the next hop takes 50 bytes, it has 136',
    undefined,
  ]);
  const eightBit = { recipients: [bad], body: 'f\u00fcnf' };
  assert.deepEqual(await own({ hop: { offers: [] }, given: eightBit }), ['x-relayctl; the next hop does not support 8BITMIME', undefined]);
  const late = { recipients: [bad], lifetime: -1 };
  assert.match((await own({ to: 'smtp://127.0.0.1:1', given: late }))[0] ?? '', /^x-relayctl; not delivered in time; last: 451 4\.4\.1/);
});

test('a report on expired mail gives both the expiry and the last reply of the next hop', async () => {
  const script: Script = (step) => (step === 'rcpt' ? '450 4.2.0 greylisted' : undefined);
  const text = await noticeOf({ hop: { script }, given: { recipients: [bad], lifetime: -1 } });
  assert.deepEqual(
    ['Status', 'Diagnostic-Code', 'Remote-MTA'].map((name) => field(text, name)),
    ['5.4.7', 'smtp; 450 4.2.0 greylisted', 'dns; [127.0.0.1]'],
  );
  assert.match(text, /550 5\.4\.7 not delivered in time/);
});

test('a sender that needs SMTPUTF8 gets a report of RFC 6533', async () => {
  const envelope = { sender: 'j\u00f6rg@example.org', smtputf8: true };
  const given = { recipients: [{ address: 'bad\u00fc@example.net' }], header: 'Subject: f\u00fcnf\r\n\r\n', envelope };
  const [notice] = await noticesOf({ given });
  const text = notice ? textOf(notice) : '';
  assert.match(text, /^Content-Type: message\/global-delivery-status/m);
  assert.match(text, /^Content-Type: message\/global-headers/m);
  assert.equal(field(text, 'Final-Recipient'), 'utf-8; bad\u00fc@example.net');
  assert.deepEqual([notice?.record.envelope.smtputf8, notice?.record.envelope.body], [true, '8bitmime']);
});

test('any other report is 7bit and returns the original unchanged', async () => {
  const bytes = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ' ', '\u00fc', '\u6f22', '=', '.', '-'), maxLength: 200 }).map((text) => Buffer.from(text)),
    fc
      .uint8Array({ maxLength: 200 })
      .map((raw) => Buffer.from(raw.map((byte) => (byte === 10 || byte === 13 || byte === 0 ? 0xfc : byte)))),
  );
  const recipientNames = fc.constantFrom('bad', 'bad\u00fc', 'bad+x', 'bad\u6f22');
  const run = async (subject: Buffer, body: Buffer, local: string, full: boolean): Promise<void> => {
    const { record, content } = message({
      recipients: [{ address: `${local}@example.net` }],
      envelope: { smtputf8: true, ...(full ? { ret: 'full' } : {}) },
      body: Buffer.concat([body, Buffer.from('\r\n')]),
    });
    const header = Buffer.concat([Buffer.from('Subject: '), subject, Buffer.from('\r\n\r\n')]);
    const [recipient] = record.recipients;
    if (!recipient) return;
    const report = {
      code: 550,
      enhanced: '5.1.1',
      text: 'no',
      reply: '550 5.1.1 n\u00f6',
      remote: 'mx.test[192.0.2.1]:25',
      at: record.arrived,
    };
    const lines = [{ recipient, action: 'failed', report }] as const;
    const writer = { hostname: 'relay.test', limit: 100_000, id: 'n1', now: record.arrived, lifetime: 1_000 };
    const notice = await composeNotice({ record, content: { ...content, header }, lines, full }, writer);
    assert.deepEqual([notice.record.envelope.body, notice.record.envelope.smtputf8], ['7bit', false]);
    const raw = textOf(notice);
    assert.ok(isAscii(Buffer.from(raw)));
    assert.doesNotMatch(raw, /message\/global/);
    assert.equal(field(raw, 'Remote-MTA'), 'dns; mx.test');
    const { attachments } = await simpleParser(raw);
    const returned =
      attachments.find(({ contentType }) => /^(text\/rfc822-headers|message\/rfc822)$/.test(contentType))?.content ?? Buffer.alloc(0);
    const whole = full && isAscii(header) && content.body.kind === 'inline' && isAscii(content.body.bytes);
    const expected = whole && content.body.kind === 'inline' ? Buffer.concat([header, content.body.bytes]) : header;
    assert.equal(returned.toString('latin1').trimEnd(), expected.toString('latin1').trimEnd());
  };
  await fc.assert(fc.asyncProperty(bytes, bytes, recipientNames, fc.boolean(), run), { numRuns: 100 });
});
