import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderReply } from '../../src/smtp/reply.ts';

test('a reply is one line of at most 512 octets, whatever a rule makes it say (RFC 5321 4.5.3.1.5)', () => {
  const text = fc.string({ unit: 'binary', minLength: 150, maxLength: 700, size: 'max' });
  fc.assert(
    fc.property(text, fc.constantFrom('5.7.1', '5.999.999'), (words, enhanced) => {
      const line = renderReply({ code: 550, enhanced, text: words });
      assert.ok(Buffer.byteLength(line) <= 512);
      assert.match(line, /^550 5\.\d+\.\d+ [^\p{Cc}]*\r\n$/u);
    }),
  );
});

test('what is cut is cut between characters', () => {
  const line = renderReply({ code: 550, enhanced: '5.7.1', text: 'ü'.repeat(400) });
  assert.match(line, /^550 5\.7\.1 ü{240,250}\r\n$/);
});
