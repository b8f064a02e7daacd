import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { messageContents } from '../../src/message/contents.ts';
import { runs } from '../kit/thorough.ts';

const PIECES = [
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: multipart/alternative; boundary=c\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n',
  'Content-Type: message/delivery-status\r\n',
  'Content-Type: text/html; charset=iso-2022-jp\r\n',
  'Content-Type: text/plain; charset=utf-7; format=flowed; delsp=yes\r\n',
  'Content-Type: text/plain; charset=utf-16\r\n',
  "Content-Type: text/plain; name*0*=a'b'%ff; name*1=x\r\n",
  'Content-Type: ;;;=\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'Content-Disposition: attachment; filename="=?x?q?a?="\r\n',
  'Subject: =?utf-8?b?////?=\r\n',
  'From: "a <b@c>, (\r\n',
  'Date: nonsense\r\n',
  '\r\n',
  '\r\n\r\n',
  '\r\n--b\r\n',
  '--b--',
  '--c',
  '\xff\xfe\0',
  '=3',
  'AAAA',
  'hello ',
  '\n',
  '\r',
] as const;

const isTold = (value: unknown): boolean => value === null || typeof value === 'string' || Array.isArray(value);

/** What was found, or the reason why nothing was. */
const outcome = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    (value) => (isTold(value) ? 'told' : 'odd'),
    (error: unknown) => (error instanceof Error ? error.message : 'odd'),
  );

/** Ends a parser that hangs, and is no measure of speed. */
const HANGS = { timeout: 600_000 };

const EXPECTED =
  /^(told|(?:a|the|"|text in|Content-)[^\n]*|Th(?:e|is) operation was aborted|more than 5 MIME parts|MIME parts nested deeper than 3|more than 50 bytes of text)$/;

const open = (text: string): Readable => Readable.from([Buffer.from(text, 'latin1')], { objectMode: false });

describe('broken MIME', () => {
  it('is parsed or unknown, and never crashes or hangs', HANGS, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), fc.option(fc.nat(3)), async (pieces, abortAfter) => {
        const deadline = new AbortController();
        if (abortAfter !== null) setTimeout(() => deadline.abort(), abortAfter);
        const contents = messageContents({ open: () => open(pieces.join('')) }, { parts: 5, depth: 3, text: 50 });
        for (const asked of [contents.attachments(deadline.signal), contents.text(deadline.signal)])
          assert.match(await outcome(asked), EXPECTED);
      }),
      { numRuns: runs(400) },
    );
  });

  it('ending inside the header of a nested message does not hang', HANGS, async () => {
    const contents = messageContents({ open: () => open('Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n') }, { parts: 5 });
    assert.equal(await outcome(contents.attachments(new AbortController().signal)), 'told');
  });
});
