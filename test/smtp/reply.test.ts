import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderReply } from '../../src/smtp/reply.ts';
import { introduced, OPEN_DOMAIN, testRelay } from './relay.ts';

test('a reply is one line of at most 512 octets, whatever a rule writes (RFC 5321 4.5.3.1.5)', () => {
  const text = fc.string({ unit: 'binary', minLength: 150, maxLength: 700, size: 'max' });
  fc.assert(
    fc.property(text, fc.constantFrom('5.7.1', '5.999.999'), (words, enhanced) => {
      const line = renderReply({ code: 550, enhanced, text: words });
      assert.ok(Buffer.byteLength(line) <= 512);
      assert.match(line, /^550 5\.\d+\.\d+ [^\p{Cc}\p{Cf}]*\r\n$/u);
    }),
  );
});

test('a long reply is truncated between characters', () => {
  const line = renderReply({ code: 550, enhanced: '5.7.1', text: 'ü'.repeat(400) });
  assert.match(line, /^550 5\.7\.1 ü{240,250}\r\n$/);
});

test('a reply has no bidirectional controls, and is ASCII without SMTPUTF8', async (t) => {
  const policy = `${OPEN_DOMAIN}rules:
  - { id: m, on: mail, when: { sender.local: { ends_with: no } }, then: { reject: "550 5.7.1 \${sender.local} é\u202e no" } }
  - { id: r, on: rcpt, when: { recipient.local: { ends_with: no } }, then: { reject: "550 5.7.1 \${recipient.local} ü\u2066 no" } }
`;
  const relay = await testRelay(t, { policy });
  const client = await introduced(relay);
  assert.deepEqual(
    await client.dialogue(
      'MAIL FROM:<ano@example.org>',
      'MAIL FROM:<éno@example.org> SMTPUTF8',
      'MAIL FROM:<a@example.org>',
      'RCPT TO:<ono@example.com>',
      'RSET',
      'MAIL FROM:<a@example.org> SMTPUTF8',
      'RCPT TO:<öno@example.com>',
      'RSET',
      'MAIL FROM:<ano@example.org>',
    ),
    [
      '550 5.7.1 ano ?  no',
      '550 5.7.1 éno é  no',
      '250 2.1.0 Sender ok',
      '550 5.7.1 ono ?  no',
      '250 2.0.0 Ok',
      '250 2.1.0 Sender ok',
      '550 5.7.1 öno ü  no',
      '250 2.0.0 Ok',
      '550 5.7.1 ano ?  no',
    ],
  );
});
