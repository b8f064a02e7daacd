import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { composeNotice } from '../../src/delivery/report/compose.ts';
import { message } from './test-delivery.ts';

const WRITER = { hostname: 'relay.test', limit: 65_536, id: 'n1', now: 1_700_000_000_000, lifetime: 60_000 };

const LINES = ['plain', 'x'.repeat(2000), 'gr\u00fc\u00dfe', '\u6f22\u5b57 '.repeat(400), '.', '--b', ''];

test('whatever is returned, a DSN travels in 7 bits and in lines that every host takes, and another parser finds the original in it', async () => {
  const line = fc.constantFrom(...LINES);
  const run = async (subject: string, body: string, full: boolean, [international, latin1]: readonly [boolean, boolean]): Promise<void> => {
    const header = Buffer.from(`From: a@example.org\r\nSubject: ${subject}\r\n\r\n`, latin1 ? 'latin1' : 'utf8');
    const bytes = Buffer.from(`${body}\r\n`, latin1 ? 'latin1' : 'utf8');
    const sender = international ? 'j\u00f6rg@example.org' : 'a@b\u00fccher.example';
    const { record } = message({ envelope: { sender, smtputf8: true } });
    const [recipient] = record.recipients;
    assert.ok(recipient);
    const report = { code: 550, enhanced: '5.1.1', text: 'no', remote: '', at: 0 };
    const content = { header, body: { kind: 'inline', bytes } } as const;
    const whole = { ...record, size: header.length + bytes.length };
    const notice = await composeNotice({ record: whole, content, lines: [{ recipient, action: 'failed', report }], full }, WRITER);
    const built = Buffer.concat([
      notice.content.header,
      notice.content.body.kind === 'inline' ? notice.content.body.bytes : Buffer.alloc(0),
    ]);
    if (!international) assert.ok(isAscii(built));
    assert.ok(
      Math.max(
        ...built
          .toString('latin1')
          .split('\r\n')
          .map(({ length }) => length),
      ) <= 998,
    );
    const { attachments } = await simpleParser(built);
    const returned = attachments.at(-1);
    assert.ok(returned?.content.subarray(0, 19).equals(header.subarray(0, 19)), returned?.contentType);
    if (/rfc822$|global$/.test(returned?.contentType ?? '')) assert.ok(returned?.content.includes(bytes.subarray(0, -2)));
    else assert.ok(returned?.content.toString('latin1').trimEnd() === header.toString('latin1').trimEnd());
  };
  const flags = fc.tuple(fc.boolean(), fc.boolean());
  await fc.assert(fc.asyncProperty(line, line, fc.boolean(), flags, run), { numRuns: 150 });
});
