import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { deliverToMaildir } from '../../src/delivery/maildir.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { fates, message, testDelivery } from './test-delivery.ts';

const folderFor = async (context: TestContext): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'maildir-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('each recipient gets a file of its own in new, and nothing stays in tmp', async (context) => {
  const folder = path.join(await folderFor(context), 'inbox');
  const made = testDelivery(`maildir:${folder}`);
  closeAfter(made.stop);
  const { record, content } = message({ recipients: [{ address: 'x@example.net' }, { address: 'y@example.net' }] });
  await made.queue.enqueue(record, content);
  await made.outcomes(2);
  const files = await readdir(path.join(folder, 'new'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, 'new', file), 'utf8')));
  const original = `${content.header}Hello.\r\n`;
  const expected = ['x', 'y'].map((name) => `Return-Path: <a@example.org>\r\nDelivered-To: ${name}@example.net\r\n${original}`);
  assert.deepEqual(texts.sort(), expected);
  assert.deepEqual(await readdir(path.join(folder, 'tmp')), []);
  assert.equal((await stat(path.join(folder, 'new', files[0] ?? ''))).mode & 0o777, 0o600);
  assert.deepEqual(Object.values(fates(made)), ['delivered 250 2.0.0', 'delivered 250 2.0.0']);
});

test('file names are unique and valid in a maildir', async (context) => {
  const folder = await folderFor(context);
  const { content } = message();
  const delivery = { sender: '', recipient: 'x@example.net', content, at: 1_795_000_000_123 };
  const names = await Promise.all(Array.from({ length: 50 }, () => deliverToMaildir(folder, delivery)));
  assert.equal(new Set(names).size, 50);
  for (const name of names) assert.match(name, /^1795000000\.M123P\d+R[0-9a-f]{16}\.[^/:]+$/);
});

test('a folder that cannot be written to defers', async (context) => {
  const folder = path.join(await folderFor(context), 'file');
  await writeFile(folder, 'no folder');
  const made = testDelivery(`maildir:${folder}`);
  closeAfter(made.stop);
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await made.outcomes(1);
  assert.deepEqual(fates(made), { 'b@example.net': 'deferred 451 4.3.0' });
});

test('an address with a line break cannot inject a header field', async (context) => {
  const folder = await folderFor(context);
  const { content } = message();
  const name = await deliverToMaildir(folder, { sender: 'a@x\r\nX-Evil: 1', recipient: 'b@y\nX-Evil: 2', content, at: 0 });
  const text = await readFile(path.join(folder, 'new', name), 'utf8');
  assert.doesNotMatch(text, /^X-Evil/m);
});
