import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { finalHeader } from '../../src/message/content.ts';
import { messageContents } from '../../src/message/contents.ts';
import { editHeader } from '../../src/message/edits.ts';
import { splitMessage } from '../../src/message/header.ts';
import { IncomingMessage, type ReceivedMessage } from '../../src/message/incoming.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';

const MESSAGES = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'messages');
const missing = existsSync(MESSAGES) ? false : `no corpus at ${MESSAGES}`;
const names = missing
  ? []
  : readdirSync(MESSAGES, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.eml'))
      .sort();

/** As SMTP brings them: lines end in CRLF. */
const onTheWire = (name: string): Buffer =>
  Buffer.from(readFileSync(join(MESSAGES, name)).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');

let files: TestBodyFiles;
before(async () => {
  files = await testBodyFiles();
});
after(() => files.remove());

const receive = async (bytes: Buffer): Promise<ReceivedMessage> => {
  const message = new IncomingMessage({ headerSize: 256 * 1024, inMemory: 1024, bodies: files });
  for (let at = 0; at < bytes.length; at += 777) await message.write(bytes.subarray(at, at + 777));
  return message.finish();
};

/** Other readers see other parts of these; of all the rest no attachment may be unknown. */
const IN_DOUBT: ReadonlySet<string> = new Set([
  ...[1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 17, 19, 20, 21].map((number) => `malformed/${String(number).padStart(3, '0')}.eml`),
  'rfc/001.eml', // message/external-body
  'thirdparty/009.eml', // message/partial
]);

describe('the corpus of real messages', { skip: missing }, () => {
  for (const name of names) {
    it(name, async () => {
      const bytes = onTheWire(name);
      const message = await receive(bytes);
      const { header, body } = splitMessage(bytes);
      assert.deepEqual(await buffer(message.open()), Buffer.concat([header.fieldBytes, header.separator, body]));
      assert.deepEqual(
        editHeader(message.header, [{ effect: 'remove_header', name: 'x-not-there' }], false).header.fieldBytes,
        message.header.fieldBytes,
      );
      assert.ok(finalHeader(['T: 1\r\n'], message.header).includes(message.header.fieldBytes));
      for (const field of message.header.fields) assert.doesNotMatch(field.value, /\p{Cc}/u);
      const contents = messageContents(message, { parts: 1000 });
      const signal = new AbortController().signal;
      if (IN_DOUBT.has(name)) {
        await assert.rejects(contents.attachments(signal), /part|boundary|Content-Type/);
        return;
      }
      for (const attachment of await contents.attachments(signal)) assert.match(String(attachment.sha256), /^[0-9a-f]{64}$/);
      assert.notEqual(await contents.text(signal), '');
    });
  }

  it('is complete', { skip: missing }, () => assert.equal(names.length, 53));
});
