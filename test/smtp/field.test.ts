import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentText, introduced, testRelay } from './relay.ts';

/* Clients as they have been met in the field: what others' issue trackers tell of. */

const ENVELOPE = ['MAIL FROM:<a@x.example>', 'RCPT TO:<ann@example.com>'];

interface Situation {
  readonly name: string;
  /** Behind EHLO, in one write. */
  readonly sent: string;
  readonly codes: readonly number[];
  /** Bodies that are queued. */
  readonly bodies: readonly string[];
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

const SITUATIONS: readonly Situation[] = [
  {
    name: 'all in one write, QUIT too',
    sent: lines(...ENVELOPE, 'DATA', 'S: x', '', 'b', '.', 'QUIT'),
    codes: [250, 250, 354, 250, 221],
    bodies: ['b\r\n'],
  },
  {
    name: 'two messages in one write',
    sent: lines(...ENVELOPE, 'DATA', '', '1', '.', ...ENVELOPE, 'DATA', '', '2', '.'),
    codes: [250, 250, 354, 250, 250, 250, 354, 250],
    bodies: ['1\r\n', '2\r\n'],
  },
  { name: 'an empty message', sent: lines(...ENVELOPE, 'DATA', '.'), codes: [250, 250, 354, 250], bodies: [''] },
  {
    name: 'dots at the start of lines',
    sent: lines(...ENVELOPE, 'DATA', '', '..', '...', '..x', '.y', '.'),
    codes: [250, 250, 354, 250],
    bodies: ['.\r\n..\r\n.x\r\ny\r\n'],
  },
  {
    name: 'a line of 5,000 bytes',
    sent: lines(...ENVELOPE, 'DATA', '', 'x'.repeat(5000), '.'),
    codes: [250, 250, 354, 250],
    bodies: [`${'x'.repeat(5000)}\r\n`],
  },
  {
    name: 'MAIL twice',
    sent: lines(...ENVELOPE, 'MAIL FROM:<b@x.example>', 'DATA', '', 'b', '.'),
    codes: [250, 250, 503, 354, 250],
    bodies: ['b\r\n'],
  },
  { name: 'EHLO in the middle ends the transaction', sent: lines(...ENVELOPE, 'EHLO x', 'DATA'), codes: [250, 250, 250, 503], bodies: [] },
  {
    name: 'blanks behind the colon and at the end',
    sent: lines('MAIL FROM: <a@x.example> ', 'RCPT TO: <ann@example.com> ', 'DATA ', '', 'b', '.'),
    codes: [250, 250, 354, 250],
    bodies: ['b\r\n'],
  },
  {
    name: 'verbs in lower case',
    sent: lines('mail from:<a@x.example>', 'rcpt to:<ann@example.com>', 'data', '', 'b', '.', 'quit'),
    codes: [250, 250, 354, 250, 221],
    bodies: ['b\r\n'],
  },
  {
    name: 'a source route',
    sent: lines('MAIL FROM:<@r.example:a@x.example>', 'RCPT TO:<@r.example,@s.example:ann@example.com>', 'DATA', '', 'b', '.'),
    codes: [250, 250, 354, 250],
    bodies: ['b\r\n'],
  },
  {
    name: 'BDAT in two chunks and QUIT',
    sent: `${lines(...ENVELOPE, 'BDAT 5')}\r\na\r\n${lines('BDAT 3 LAST')}b\r\n${lines('QUIT')}`,
    codes: [250, 250, 250, 250, 221],
    bodies: ['a\r\nb\r\n'],
  },
  {
    name: 'a dot in BDAT is content',
    sent: `${lines(...ENVELOPE, 'BDAT 5 LAST')}\r\n.\r\n${lines('NOOP')}`,
    codes: [250, 250, 250, 250],
    bodies: ['.\r\n'],
  },
  {
    name: 'DATA without recipients, then RSET',
    sent: lines('MAIL FROM:<a@x.example>', 'DATA', 'RSET', ...ENVELOPE, 'DATA', '', 'b', '.'),
    codes: [250, 554, 250, 250, 250, 354, 250],
    bodies: ['b\r\n'],
  },
  {
    name: 'NOOP and VRFY between the commands',
    sent: lines('MAIL FROM:<a@x.example>', 'NOOP x', 'RCPT TO:<ann@example.com>', 'VRFY ann', 'DATA', '', 'b', '.'),
    codes: [250, 250, 250, 252, 354, 250],
    bodies: ['b\r\n'],
  },
  {
    name: 'the same recipient twice',
    sent: lines(...ENVELOPE, 'RCPT TO:<ann@EXAMPLE.com>', 'DATA', '', 'b', '.'),
    codes: [250, 250, 250, 354, 250],
    bodies: ['b\r\n'],
  },
  {
    name: 'an empty line between commands',
    sent: lines('', ...ENVELOPE, 'DATA', '', 'b', '.'),
    codes: [500, 250, 250, 354, 250],
    bodies: ['b\r\n'],
  },
];

for (const size of [1, 7, 100_000])
  for (const { name, sent, codes, bodies } of SITUATIONS)
    test(`a client from the field: ${name}; ${size} bytes at a time`, async (t) => {
      if (size === 1 && sent.length > 1000) return;
      const relay = await testRelay(t);
      const client = await introduced(relay);
      for (let at = 0; at < sent.length; at += size) client.raw(sent.slice(at, at + size));
      const said: number[] = [];
      for (const _ of codes) said.push((await client.reply()).code);
      assert.deepEqual(said, codes);
      assert.deepEqual(
        relay.accepted.map((message) => /\r\n\r\n([\s\S]*)$/.exec(contentText(message))?.[1] ?? ''),
        bodies,
      );
    });
