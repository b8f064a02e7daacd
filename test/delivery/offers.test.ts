import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { deliveryToHop } from './delivery-to-hop.ts';
import { fates, message } from './test-delivery.ts';

const sent = async (offers: readonly string[], given: Parameters<typeof message>[0]) => {
  const { hop, tested } = await deliveryToHop({ offers });
  const { record, content } = message(given);
  await tested.queue.enqueue(record, content);
  await tested.outcomes(record.recipients.length);
  return { hop, fates: fates(tested), commands: hop.sessions[0]?.commands ?? [] };
};

test('DSN parameters are passed on, each recipient its own', async () => {
  const recipients = [
    { address: 'x@example.net', notify: ['success', 'failure'] as const, orcpt: 'rfc822;x+2Btag@example.com' },
    { address: 'y@example.net', notify: ['never'] as const },
  ];
  const { commands } = await sent(['DSN', 'PIPELINING'], { recipients, envelope: { ret: 'headers', envid: 'QQ+3D1' } });
  assert.deepEqual(commands.slice(1, 4), [
    'MAIL FROM:<a@example.org> RET=HDRS ENVID=QQ+3D1',
    'RCPT TO:<x@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;x+2Btag@example.com',
    'RCPT TO:<y@example.net> NOTIFY=NEVER',
  ]);
});

test('SIZE is declared, and a message over the limit of the next hop is not sent', async () => {
  const { commands } = await sent(['SIZE 1000'], {});
  assert.equal(commands[1], `MAIL FROM:<a@example.org> SIZE=${message().record.size}`);
  const large = await sent(['SIZE 1000'], { body: `${'x'.repeat(998)}\r\n` });
  assert.deepEqual([large.fates, large.commands.length], [{ 'b@example.net': 'failed 550 5.3.4' }, 1]);
});

test('8-bit mail goes only to a next hop with 8BITMIME', async () => {
  const given = { body: 'f\u00fcnf\r\n', envelope: { body: '8bitmime' } } as const;
  assert.match((await sent(['8BITMIME'], given)).commands[1] ?? '', / BODY=8BITMIME$/);
  assert.deepEqual((await sent([], given)).fates, { 'b@example.net': 'failed 550 5.6.3' });
  const plain = await sent([], { envelope: { body: '8bitmime' } });
  assert.deepEqual(plain.fates, { 'b@example.net': 'relayed 250 2.0.0' });
});

test('8-bit content is found in a file too, whatever the client declared', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'offers-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'body');
  await writeFile(file, 'x'.repeat(300_000).concat('\u00fc\r\n'));
  const { tested } = await deliveryToHop({ offers: [] });
  const { record, content } = message();
  await tested.queue.enqueue(record, { header: content.header, body: { kind: 'file', file, offset: 0, length: 300_004 } });
  await tested.outcomes(1);
  assert.deepEqual(fates(tested), { 'b@example.net': 'failed 550 5.6.3' });
});

test('a body in a file arrives whole, dots at its edges too', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'offers-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'body');
  const body = `.start\r\n${'.line\r\n'.repeat(120_000)}.`;
  await writeFile(file, `skipped${body}`);
  const { hop, tested } = await deliveryToHop();
  const { record, content } = message();
  await tested.queue.enqueue(record, { header: content.header, body: { kind: 'file', file, offset: 7, length: body.length } });
  await tested.outcomes(1);
  assert.ok(hop.received[0]?.content.equals(Buffer.from(`${content.header}${body}\r\n`)));
});

test('a body file that is too short never ends in a dot', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'offers-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'body');
  await writeFile(file, 'short\r\n');
  const { hop, tested } = await deliveryToHop();
  const { record, content } = message();
  await tested.queue.enqueue(record, { header: content.header, body: { kind: 'file', file, offset: 0, length: 700 } });
  await tested.outcomes(1);
  assert.deepEqual([fates(tested), hop.received.length], [{ 'b@example.net': 'deferred 451 4.3.0' }, 0]);
});

test('internationalised addresses need SMTPUTF8, internationalised domains do not', async () => {
  const local = { recipients: [{ address: 'j\u00f6rg@example.net' }], envelope: { smtputf8: true } };
  assert.match((await sent(['SMTPUTF8', '8BITMIME'], local)).commands[1] ?? '', / SMTPUTF8$/);
  assert.deepEqual((await sent(['8BITMIME'], local)).fates, { 'j\u00f6rg@example.net': 'failed 550 5.6.7' });
  const domain = await sent([], { recipients: [{ address: 'x@b\u00fccher.example' }], envelope: { smtputf8: true } });
  assert.equal(domain.commands[2], 'RCPT TO:<x@xn--bcher-kva.example>');
  const header = await sent(['8BITMIME'], { header: 'Subject: f\u00fcnf\r\n\r\n', envelope: { smtputf8: true } });
  assert.deepEqual(header.fates, { 'b@example.net': 'failed 550 5.6.7' });
});

test('an address that would inject a command is not sent', async () => {
  const { fates: found, commands } = await sent([], { recipients: [{ address: 'x>\r\nRCPT TO:<y@example.net' }] });
  assert.deepEqual([Object.values(found), commands.length], [['failed 550 5.1.3'], 1]);
});
