import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { submit } from './mail.ts';
import { relayFixture } from './site-fixture.ts';

const MESSAGES = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'messages');
const missing = existsSync(MESSAGES) ? false : `no corpus at ${MESSAGES}`;
const names = missing ? [] : readdirSync(MESSAGES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'));

/** As SMTP brings them: lines end in CRLF, the last one too. */
const onTheWire = (name: string): Buffer => {
  const text = readFileSync(join(MESSAGES, name)).toString('latin1').replace(/\r?\n/g, '\r\n');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
};

/** A CR or LF that stands alone, or a NUL. */
const isForbidden = (bytes: Buffer): boolean => /\r(?!\n)|(?<!\r)\n|\0/.test(bytes.toString('latin1'));

const TRACE = /^Received: from client\.example\.org [^\r\n]*(\r\n[ \t][^\r\n]*)*\r\n$/;

test('real messages arrive byte for byte, or are refused for invalid bytes', { skip: missing }, async (context) => {
  const { connect, hop } = await relayFixture(context);
  const client = await connect();
  let relayed = 0;
  let refused = 0;
  for (const name of names.sort()) {
    const bytes = onTheWire(name);
    const reply = await submit(client, { parameters: ' BODY=8BITMIME SMTPUTF8', message: bytes });
    if (isForbidden(bytes)) {
      assert.match(reply, /^550 5\.6\.0 /, name);
      refused++;
      continue;
    }
    assert.match(reply, /^250 2\.0\.0 /, name);
    const content = (await hop.arrived(++relayed))[relayed - 1]?.content ?? Buffer.alloc(0);
    assert.deepEqual(content.subarray(content.length - bytes.length), bytes, name);
    assert.match(content.subarray(0, content.length - bytes.length).toString(), TRACE, name);
  }
  context.diagnostic(`${relayed} relayed, ${refused} refused`);
  assert.equal(relayed + refused, 53);
});
