import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AcceptedMessage } from '../../src/transaction/settings.ts';
import type { ServerReply, SmtpClient } from '../kit/smtp-client.ts';
import { introduced, testRelay } from './relay.ts';

const CORPUS = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'messages');
const CRLF = Buffer.from('\r\n');

/** As a client sends it: dots stuffed at the start of lines, and a last line that ends. */
const stuffed = (message: Buffer): Buffer => {
  const text = message.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
  return Buffer.from(`${text}${text.endsWith('\r\n') || text === '' ? '' : '\r\n'}.\r\n`, 'latin1');
};

const hasStrayBytes = (message: Buffer): boolean => /\0|\r(?!\n)|(?<!\r)\n/.test(message.toString('latin1'));

/** Files are kept with bare line feeds; a client sends lines. */
const withLines = (message: Buffer): Buffer => Buffer.from(message.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');

const sendTo = async (client: SmtpClient, message: Buffer): Promise<ServerReply> => {
  await client.dialogue('MAIL FROM:<> BODY=8BITMIME', 'RCPT TO:<a@example.com>', 'DATA');
  client.raw(stuffed(message));
  return client.reply();
};

/** A message without any field gets an empty line first, or our trace would swallow its first one. */
const assertSame = (message: Buffer, arrived: Buffer, name: string): void => {
  const sent = message.subarray(-2).equals(CRLF) || message.length === 0 ? message : Buffer.concat([message, CRLF]);
  assert.ok(arrived.equals(sent) || arrived.equals(Buffer.concat([CRLF, sent])), name);
};

/** The message below our trace field. */
const below = (accepted: AcceptedMessage | undefined): Buffer => {
  const { header, body } = accepted?.content ?? assert.fail('not accepted');
  const bytes = Buffer.concat([
    header,
    body.kind === 'file' ? readFileSync(body.file) : body.kind === 'inline' ? body.bytes : assert.fail(body.kind),
  ]);
  const end = /^Received: [^\r]*\r\n(?:[ \t][^\r]*\r\n)*/.exec(bytes.toString('latin1'))?.[0].length ?? assert.fail('no trace field');
  return bytes.subarray(end);
};

test('every message of the corpus arrives byte for byte, or is refused for a stray byte', {
  skip: existsSync(CORPUS) ? false : 'no corpus here',
}, async (t) => {
  const relay = await testRelay(t, { limits: { errors: 1000, messageSize: 1e9, received: 100, headerSize: 16 * 1024 * 1024 } });
  const client = await introduced(relay);
  const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.eml'));
  let refused = 0;
  for (const name of names) {
    const file = readFileSync(join(CORPUS, name));
    for (const message of [file, withLines(file)]) {
      const { code, text } = await sendTo(client, message);
      if (code !== 250) refused++;
      assert.equal(code, hasStrayBytes(message) ? 550 : 250, `${name} ${text}`);
      if (code === 250) assertSame(message, below(relay.accepted.at(-1)), name);
    }
  }
  t.diagnostic(`${relay.accepted.length} of ${2 * names.length} arrived as sent, ${refused} refused for stray bytes`);
  assert.ok(relay.accepted.length >= names.length);
});
