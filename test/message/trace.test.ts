import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { finalHeader } from '../../src/message/content.ts';
import { splitMessage } from '../../src/message/header.ts';
import { type Arrival, dateTime, type Protocol, protocolName, receivedField, returnPath } from '../../src/message/trace.ts';

const ARRIVAL: Arrival = {
  hostname: 'relay.example.com',
  helo: 'client.example.net',
  rdns: 'mail.example.net',
  ip: '192.0.2.1',
  protocol: { verb: 'EHLO', smtputf8: false, tls: true, authenticated: true },
  id: '01ABC',
  recipients: ['user@example.com'],
  at: Date.UTC(2026, 1, 3, 4, 5, 6),
};

describe('the trace field', () => {
  it('has from, by, with, for and the date', () => {
    assert.equal(
      receivedField(ARRIVAL),
      'Received: from client.example.net (mail.example.net [192.0.2.1])\r\n\tby relay.example.com with ESMTPSA id 01ABC\r\n\tfor <user@example.com>;\r\n\tTue, 3 Feb 2026 04:05:06 +0000\r\n',
    );
  });

  it('omits the recipient if there are several', () => {
    assert.doesNotMatch(receivedField({ ...ARRIVAL, recipients: ['a@example.com', 'b@example.com'] }), /for/);
  });

  it('marks IPv6, and an unknown host name', () => {
    assert.match(receivedField({ ...ARRIVAL, rdns: null, ip: '2001:db8::1' }), /\(unknown \[IPv6:2001:db8::1\]\)/);
    assert.match(receivedField({ ...ARRIVAL, rdns: null, ip: '' }), /\(unknown\)/);
  });

  it('cannot be forged by the client', () => {
    const said = fc.string({ unit: 'binary', maxLength: 600 });
    fc.assert(
      fc.property(said, said, said, (helo, rdns, recipient) => {
        const field = receivedField({ ...ARRIVAL, helo, rdns, recipients: [recipient] });
        const { header, body } = splitMessage(Buffer.from(field));
        assert.deepEqual([header.fields.length, body.length], [1, 0]);
        assert.match(field, /^Received: from [^\s();]+ \([^\s();]+ \[192\.0\.2\.1\]\)\r\n\tby /);
        for (const line of field.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 998);
      }),
    );
  });

  const names: readonly (readonly [protocol: Protocol, name: string])[] = [
    [{ verb: 'HELO', smtputf8: false, tls: false, authenticated: false }, 'SMTP'],
    [{ verb: 'EHLO', smtputf8: false, tls: false, authenticated: false }, 'ESMTP'],
    [{ verb: 'EHLO', smtputf8: false, tls: true, authenticated: false }, 'ESMTPS'],
    [{ verb: 'EHLO', smtputf8: true, tls: false, authenticated: true }, 'UTF8SMTPA'],
    [{ verb: 'LHLO', smtputf8: false, tls: true, authenticated: true }, 'LMTPSA'],
    [{ verb: 'LHLO', smtputf8: true, tls: true, authenticated: false }, 'UTF8LMTPS'],
  ];
  for (const [protocol, name] of names) it(`calls it ${name}`, () => assert.equal(protocolName(protocol), name));

  it('writes a date that reads back as the same second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2199, 0) }), (at) => {
        assert.equal(Date.parse(dateTime(at)), Math.floor(at / 1000) * 1000);
      }),
    );
  });
});

describe('a return path', () => {
  it('holds the sender, or nothing', () => {
    assert.equal(returnPath('a@example.com'), 'Return-Path: <a@example.com>\r\n');
    assert.equal(returnPath(''), 'Return-Path: <>\r\n');
    assert.equal(returnPath('a>\r\nX: y'), 'Return-Path: <a???X: y>\r\n');
  });
});

describe('the header of an outgoing message', () => {
  const leaving = (message: string): string => finalHeader(['T: 1\r\n', 'U: 2\r\n'], splitMessage(Buffer.from(message)).header).toString();

  it('has our fields on top, and its empty line', () => assert.equal(leaving('A: b\r\n\r\nbody'), 'T: 1\r\nU: 2\r\nA: b\r\n\r\n'));
  it('adds the empty line missing before the body', () => assert.equal(leaving('A: b\r\nno field\r\n'), 'T: 1\r\nU: 2\r\nA: b\r\n\r\n'));
  it('is separated from a body without a header', () => assert.equal(leaving(' first line\r\n'), 'T: 1\r\nU: 2\r\n\r\n'));
});
