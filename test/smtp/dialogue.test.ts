import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../kit/thorough.ts';
import { introduced, OPEN_DOMAIN, testRelay } from './relay.ts';

const POLICY = `${OPEN_DOMAIN}rules:
  - { id: echo, on: mail, when: { sender.address: { exists: true } }, then: { reject: "550 5.7.1 not \${sender.address} of \${helo.name}" } }
  - { id: last, on: rcpt, then: { defer: "450 4.7.1 wait \${recipient.address}" } }
`;

const word = fc.constantFrom(
  'EHLO',
  'HELO',
  'MAIL FROM:',
  'RCPT TO:',
  'DATA',
  'BDAT',
  'RSET',
  'AUTH',
  'STARTTLS',
  'NOOP',
  'VRFY',
  '<',
  '>',
  '@',
  'a',
  'b.example',
  '"',
  ' ',
);
const odd = fc.constantFrom('\0', '\r', '\n', '\x1b', '\x7f', '\x85', '\xff', 'ü', '\u2028', 'SIZE=1', 'NOTIFY=NEVER', ' LAST', '=', '..');
const line = fc.array(fc.oneof({ weight: 4, arbitrary: word }, odd), { maxLength: 8 }).map((parts) => parts.join(''));

test('any client input gets valid SMTP replies and never crashes the relay', async (t) => {
  const relay = await testRelay(t, { policy: POLICY, limits: { errors: 10_000 } });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const client = await introduced(relay);
      client.raw(`${lines.join('\r\n')}\r\n`);
      client.halfClose();
      await client.over();
      assert.match(client.unread, /^(?:\d{3}(?:-| )[^\p{Cc}\u2028]*\r\n)*$/u);
    }),
    { numRuns: runs(300) },
  );
  assert.deepEqual(
    relay.logged.filter(({ level }) => level === 'error'),
    [],
  );
  assert.equal((await (await introduced(relay)).ask('NOOP')).code, 250);
});

test('client text echoed by a rule cannot break a reply', async (t) => {
  const client = await introduced(await testRelay(t, { policy: POLICY }));
  assert.equal((await client.ask('MAIL FROM:<"a\\b c"@x.example>')).text, '550 5.7.1 not "ab c"@x.example of client.example.org');
});
