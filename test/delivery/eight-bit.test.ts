import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { simpleParser } from 'mailparser';
import { deliveryToHop } from './delivery-to-hop.ts';
import { fates, lastText, message } from './test-delivery.ts';

type Given = Parameters<typeof message>[0];

const sent = async (offers: readonly string[], given: Given, eightBit: 'bounce' | 'encode' = 'encode') => {
  const { hop, tested } = await deliveryToHop({ offers }, { eightBit });
  const { record, content } = message(given);
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  return {
    hop,
    fate: Object.values(fates(tested))[0],
    text: lastText(tested),
    original: Buffer.concat([content.header, Buffer.from(given?.body ?? '')]),
  };
};

const TEXT = { header: 'From: a@example.org\r\nSubject: hi\r\n\r\n', body: 'Größe: 1 € = 1\r\n', envelope: { body: '8bitmime' } } as const;

test('an 8-bit message goes to a next hop without 8BITMIME in 7 bits, where the route says so', async () => {
  const { hop, fate } = await sent(['PIPELINING', 'SIZE 0'], TEXT);
  assert.equal(fate, 'relayed 250 2.0.0');
  const [received] = hop.received;
  assert.ok(received && isAscii(received.content));
  assert.equal(received.mail, `MAIL FROM:<a@example.org> SIZE=${received.content.length}`);
  assert.equal((await simpleParser(received.content)).text, 'Größe: 1 € = 1\n');
});

test('where 8BITMIME is offered, it is sent as it is', async () => {
  const { hop, original } = await sent(['8BITMIME'], TEXT);
  assert.equal(hop.received[0]?.mail, 'MAIL FROM:<a@example.org> BODY=8BITMIME');
  assert.ok(hop.received[0]?.content.equals(original));
});

test('it fails by default, and always if signed, with the reason', async () => {
  assert.equal((await sent([], TEXT, 'bounce')).fate, 'failed 550 5.6.3');
  const signed = await sent([], { ...TEXT, header: `DKIM-Signature: v=1\r\n${TEXT.header}` });
  assert.deepEqual(
    [signed.fate, signed.text],
    ['failed 550 5.6.3', 'the next hop does not support 8BITMIME, and it cannot be encoded: it is signed (DKIM or ARC)'],
  );
});

test('SMTPUTF8 mail is not rewritten; an 8-bit body below an ASCII header is', async () => {
  const header = 'Subject: fünf\r\n\r\n';
  assert.equal((await sent(['8BITMIME'], { ...TEXT, header, envelope: { smtputf8: true } })).fate, 'failed 550 5.6.7');
  assert.equal((await sent([], { ...TEXT, envelope: { smtputf8: true } })).fate, 'relayed 250 2.0.0');
});

test('a message that grows beyond the SIZE of the next hop fails with 5.3.4', async () => {
  const { fate } = await sent(['SIZE 700'], { ...TEXT, body: 'ü'.repeat(250) });
  assert.equal(fate, 'failed 550 5.3.4');
});

test('a large body is read from its file, piece by piece, dots at its edges too', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'eight-bit-'));
  context.after(() => rm(folder, { recursive: true }));
  const body = Buffer.from(`${'.\r\n..x ü\r\n'.repeat(150_000)}${'ä'.repeat(300_000)}\r\n`);
  const file = path.join(folder, 'body');
  await writeFile(file, body);
  const { hop, tested } = await deliveryToHop({ offers: ['PIPELINING'] }, { eightBit: 'encode' });
  const { record, content } = message();
  await tested.queue.enqueue(record, { header: content.header, body: { kind: 'file', file, offset: 0, length: body.length } });
  await tested.outcomes(1);
  const received = hop.received[0]?.content ?? Buffer.alloc(0);
  assert.ok(isAscii(received));
  assert.equal((await simpleParser(received)).text, body.toString().replaceAll('\r\n', '\n'));
});
